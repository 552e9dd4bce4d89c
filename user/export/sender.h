/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Delivers messages one after the other through a socket, in a thread of its own. Where nobody takes them they stay
 * in a bounded queue, in order, and it tries again, with longer and longer pauses.
 */
#ifndef BT_EXPORT_SENDER_H
#define BT_EXPORT_SENDER_H

#include <sys/types.h>

#include "export/queue.h"

struct metrics;
struct sender;

/* How messages of one kind get out. Both functions are called by the sender's own thread, once it has one. */
struct sender_class {
	const char *name; /* of the exporter, in messages and metrics */

	/*
	 * A connected socket that does not wait, or -errno (-ENONET: no such name). May wait until stop_fd is
	 * readable.
	 */
	int (*connect)(const void *where, int stop_fd);

	/* How many bytes of a message it took: of datagrams all. -EAGAIN: none now. -EMSGSIZE: never. Else -errno. */
	ssize_t (*send)(int fd, const char *bytes, size_t n);
};

/*
 * where is connect's, and shown how people call it; both outlive the sender. So many bytes are kept while nobody takes
 * them. NULL: no memory.
 */
struct sender *sender_new(const struct sender_class *c, const void *where, const char *shown,
			  size_t queue_bytes, struct metrics *m);

/* Connects at once, before there is a thread. 0 or -errno. */
int sender_connect(struct sender *s);

/* Begins to deliver. 0 or -errno. */
int sender_start(struct sender *s);

/* Takes bytes, which were allocated; NULL: there was no memory. What there is no room for is counted as lost. */
void sender_put(struct sender *s, char *bytes, size_t n, uint64_t refusals);

/* As of an exporter_class. */
bool sender_full(struct sender *s);
uint64_t sender_pending(struct sender *s);

/* The same; s may be NULL. false: its thread waits for a name server, and goes on looking at where. */
bool sender_close(struct sender *s, uint64_t patience_ns);

#endif /* BT_EXPORT_SENDER_H */
