/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Metrics as Prometheus reads them. */
#ifndef BT_PROMETHEUS_TEXT_H
#define BT_PROMETHEUS_TEXT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "export/metrics.h"

#define PROMETHEUS_TEXT	       "text/plain; version=0.0.4; charset=utf-8"
#define PROMETHEUS_OPENMETRICS "application/openmetrics-text; version=1.0.0; charset=utf-8"

/* Writes all series as of realtime_ns, in the text format or in OpenMetrics. 0 or -errno of the stream. */
int prometheus_text(FILE *out, struct metrics *m, uint64_t realtime_ns, bool openmetrics);

#endif /* BT_PROMETHEUS_TEXT_H */
