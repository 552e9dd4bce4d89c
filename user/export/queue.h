/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Messages on their way from the thread that reads to one that delivers: as many bytes as there is room for, in
 * order. Putting never waits.
 */
#ifndef BT_EXPORT_QUEUE_H
#define BT_EXPORT_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct queue;

struct queued {
	struct queued *next;
	char *bytes; /* goes with it */
	size_t n;
	uint64_t refusals; /* that it tells of */
};

/* NULL: no memory, or no descriptor. */
struct queue *queue_new(size_t most_bytes);

/* When the thread has ended; what is still there goes, too. */
void queue_free(struct queue *q);

/* Takes bytes, which were allocated; false: there is no room, or bytes is NULL, and they are freed. */
bool queue_put(struct queue *q, char *bytes, size_t n, uint64_t refusals);

/* Whether half of it is taken: a source that can wait then does, and a line of any usual size still fits. */
bool queue_full(struct queue *q);

/* Messages that were put, and are not done. */
uint64_t queue_pending(struct queue *q);

/* ... and the refusals that they tell of. */
uint64_t queue_refusals(struct queue *q);

/* The oldest, which stays there; waits for one. NULL: it has been closed, and there is none, or it is enough. */
const struct queued *queue_first(struct queue *q);

/* The first is delivered, or given up. */
void queue_done(struct queue *q);

/* Nothing more is put. Waits until all is done, for so long at most; then queue_stop_fd() says that it is enough. */
void queue_close(struct queue *q, uint64_t patience_ns);

/* Becomes readable, and stays so, when who delivers has to end. */
int queue_stop_fd(const struct queue *q);

#endif /* BT_EXPORT_QUEUE_H */
