/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Log records that wait in a queue, as one request. */
#ifndef BT_OTLP_BATCH_H
#define BT_OTLP_BATCH_H

#include "export/queue.h"

/* An ExportLogsServiceRequest. */
struct otlp_batch {
	char *json; /* the caller frees it; NULL: nothing waits, or there is no memory */
	size_t n;
	unsigned records;
	uint64_t refusals;
};

/*
 * The first of those that wait, up to a bound, but one at least; they stay in the queue. What a record is about is its
 * Resource, a struct otlp_shared.
 */
void otlp_batch_make(struct otlp_batch *out, struct queue *q, unsigned most_records,
		     size_t most_bytes);

#endif /* BT_OTLP_BATCH_H */
