/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The exporter of OTLP, for its two files: one is of the thread that reads, one of the thread that sends. */
#ifndef BT_OTLP_PRIVATE_H
#define BT_OTLP_PRIVATE_H

#include <pthread.h>
#include <stdatomic.h>

#include "export/exporter.h"
#include "export/metrics.h"
#include "export/otlp_batch.h"
#include "export/otlp_hosts.h"
#include "export/otlp_post.h"

/* A request is made when so many records wait, or when the first has waited for a second. */
enum { BATCH_RECORDS = 512, BATCH_BYTES = 1 << 20 };

struct exporter {
	struct metrics *metrics;
	struct otlp_config config;
	struct otlp_identity identity;
	struct otlp_hosts *hosts;
	struct queue *queue; /* records, each about its Resource */
	bool crowded; /* a line found no room since the queue was empty; of the thread that reads */
	CURLM *multi;
	pthread_t thread;
	bool running;
	/* until then everything has to be delivered, boottime; 0: it goes on */
	_Atomic uint64_t end_ns;
	uint64_t patience_ns; /* written before end_ns */
	_Atomic uint64_t lost, lost_lines;

	/* of the thread that sends */
	struct otlp_post posts[OTLP_SIGNALS];
	struct otlp_batch batch; /* what the request for logs is about */
	uint64_t next_metrics_ns;
	bool ending, logs_ended, last_metrics;
};

/* Refusals of records that will not arrive. */
void otlp_lose(struct exporter *e, uint64_t refusals, uint64_t lines);

/* The thread that sends, until e->end_ns; context is the exporter. */
void *otlp_work(void *context);

#endif /* BT_OTLP_PRIVATE_H */
