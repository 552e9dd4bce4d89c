/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#ifndef BT_EXPORT_CLASSES_H
#define BT_EXPORT_CLASSES_H

#include "export/exporter.h"

/* All ways out, NULL at the end. */
extern const struct exporter_class *const exporter_classes[];

#endif /* BT_EXPORT_CLASSES_H */
