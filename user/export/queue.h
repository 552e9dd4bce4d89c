/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Messages on their way from the thread that reads to one that delivers: as many bytes as there is room for, their
 * bookkeeping included, in order. Putting never waits.
 */
#ifndef BT_EXPORT_QUEUE_H
#define BT_EXPORT_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct queue;

struct queued {
	struct queued *next;
	char *bytes; /* from malloc(); goes with it */
	size_t n;
	uint64_t refusals; /* that it tells of */
	uint64_t since_ns; /* when it came, boottime; 0: nobody asks */
	void *about;	   /* goes with it, through let_go() */
};

/*
 * most_one: bytes of the largest message there may be, for which queue_full() keeps room. let_go may be NULL. NULL: no
 * memory, or no descriptor.
 */
struct queue *queue_new(size_t most_bytes, size_t most_one, void (*let_go)(void *about));

/* When the thread has ended; what is still there goes, too. */
void queue_free(struct queue *q);

/*
 * Takes what the message has; false: there is no room, or no bytes, and they go at once. *before: messages that were
 * there already; it may be NULL.
 */
bool queue_put(struct queue *q, const struct queued *message, uint64_t *before);

/* Whether the largest message would find no room: a source that can wait then does. */
bool queue_full(struct queue *q);

/* Messages that were put, and are not done. */
struct queue_waiting {
	uint64_t messages, bytes, refusals;
	uint64_t since_ns; /* of the first of them */
};

/* As of now. */
struct queue_waiting queue_waiting(struct queue *q);

/* The oldest, which stays there; waits for one. NULL: it has been closed, and there is none, or it is enough. */
const struct queued *queue_first(struct queue *q);

/* Shows them, the oldest first, until one is not taken. The lock is held meanwhile. */
void queue_visit(struct queue *q, bool (*take)(void *context, const struct queued *one),
		 void *context);

/* The first so many are delivered, or given up. How many refusals they told of. */
uint64_t queue_done(struct queue *q, uint64_t messages);

/* Nothing more is put. Waits until all is done, for so long at most; then queue_stop_fd() says that it is enough. */
void queue_close(struct queue *q, uint64_t patience_ns);

/* Becomes readable, and stays so, when who delivers has to end. */
int queue_stop_fd(const struct queue *q);

#endif /* BT_EXPORT_QUEUE_H */
