/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What is counted as metrics of OpenTelemetry. */
#ifndef BT_OTLP_METRICS_H
#define BT_OTLP_METRICS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "export/metrics.h"

/* What is told of one Resource. */
struct otlp_metrics_part {
	struct metrics *metrics;
	bool own;	      /* no more than metrics_visit_own() */
	const char *resource; /* JSON: that of otlp_resource() */
};

/*
 * An ExportMetricsServiceRequest of everything as of realtime_ns, as JSON, which the caller frees; NULL without
 * memory. Counters are cumulative sums since since_ns; both are wall time.
 */
char *otlp_metrics_request(const struct otlp_metrics_part *parts, unsigned n_parts,
			   uint64_t since_ns, uint64_t realtime_ns, size_t *n);

#endif /* BT_OTLP_METRICS_H */
