/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Log records that wait for a collector: bounded, filled by one thread and emptied by another. What is being sent
 * stays in it until it has arrived.
 */
#ifndef BT_OTLP_QUEUE_H
#define BT_OTLP_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "export/line.h"

struct otlp_queue;

/* Room for so many bytes. 0 or -ENOMEM; otlp_queue_free() also takes NULL. */
int otlp_queue_new(struct otlp_queue **out, size_t most_bytes);
void otlp_queue_free(struct otlp_queue *q);

/* What comes from now on is of this Resource, which becomes the queue's: JSON from malloc(). 0 or -ENOMEM. */
int otlp_queue_resource(struct otlp_queue *q, char *json);

/* A copy of the latest one; the caller frees it. */
char *otlp_queue_latest_resource(struct otlp_queue *q);

/*
 * Takes a copy of a record that tells of so many refusals; now_ns is boottime. false: there is no room, or there
 * is no Resource yet. *before: records that were there already.
 */
bool otlp_queue_put(struct otlp_queue *q, const char *record, size_t n, uint64_t refusals,
		    uint64_t now_ns, uint64_t *before);

/* Whether the next record may find no room. */
bool otlp_queue_full(struct otlp_queue *q);

struct otlp_waiting {
	uint64_t records, bytes;
	uint64_t since_ns; /* when the first of them came, boottime */
};

struct otlp_waiting otlp_queue_waiting(struct otlp_queue *q);

/* The first of those that wait, up to a bound, as one ExportLogsServiceRequest. */
struct otlp_batch {
	char *json; /* the caller frees it; NULL: nothing waits, or there is no memory */
	size_t n;
	unsigned records;
	uint64_t refusals;
};

void otlp_queue_first(struct otlp_queue *q, struct otlp_batch *out, unsigned most_records,
		      size_t most_bytes);

/* Lets go of the first so many records. How many refusals they told of. */
uint64_t otlp_queue_drop(struct otlp_queue *q, uint64_t records);

#endif /* BT_OTLP_QUEUE_H */
