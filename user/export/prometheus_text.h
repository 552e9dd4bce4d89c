/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Metrics as Prometheus reads them. */
#ifndef BT_PROMETHEUS_TEXT_H
#define BT_PROMETHEUS_TEXT_H

#include <stdint.h>
#include <stdio.h>

#include "export/metrics.h"

enum prometheus_format {
	PROMETHEUS_FILE, /* for node_exporter: nothing of ourselves, it tells that of itself */
	PROMETHEUS_TEXT, /* what every scraper knows */
	PROMETHEUS_OPENMETRICS, /* what asks for it gets it */
};

/* What a page in that format is called over HTTP. */
const char *prometheus_content_type(enum prometheus_format format);

/*
 * Writes all series as of realtime_ns; UINT64_MAX: at the end, when nothing is waited for. 0 or -errno of the
 * stream.
 */
int prometheus_text(FILE *out, struct metrics *m, uint64_t realtime_ns,
		    enum prometheus_format format);

#endif /* BT_PROMETHEUS_TEXT_H */
