/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What is counted as metrics of OpenTelemetry. */
#ifndef BT_OTLP_METRICS_H
#define BT_OTLP_METRICS_H

#include <stddef.h>
#include <stdint.h>

#include "export/metrics.h"

/*
 * An ExportMetricsServiceRequest of everything as of realtime_ns, as JSON, which the caller frees; NULL without
 * memory. Counters are cumulative sums since metrics_since_ns(). resource is that of otlp_resource().
 */
char *otlp_metrics_request(struct metrics *m, const char *resource, uint64_t realtime_ns,
			   size_t *n);

#endif /* BT_OTLP_METRICS_H */
