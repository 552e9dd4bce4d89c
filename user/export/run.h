/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#ifndef BT_EXPORT_RUN_H
#define BT_EXPORT_RUN_H

#include "export/options.h"

/* Exports what comes until it ends, or SIGINT or SIGTERM do. An exit status; its reason has been printed. */
int export_run(const struct options *o);

#endif /* BT_EXPORT_RUN_H */
