/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What this process itself takes, as every program that Prometheus scrapes tells it. */
#ifndef BT_EXPORT_PROCESS_H
#define BT_EXPORT_PROCESS_H

#include "export/metrics.h"

/* As metrics_visit(), of the process_* families. since_ns: when it began, wall time. What cannot be read is absent. */
int process_visit(uint64_t since_ns, int (*sample)(void *context, const struct metric_sample *s),
		  void *context);

#endif /* BT_EXPORT_PROCESS_H */
