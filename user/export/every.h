/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A thread that does something again and again, until it is stopped. */
#ifndef BT_EXPORT_EVERY_H
#define BT_EXPORT_EVERY_H

#include <pthread.h>
#include <stdbool.h>

struct every {
	unsigned seconds;
	void (*work)(void *context);
	void *context;
	bool running, ends;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t end;
};

/* Begins when the first so many seconds have passed. 0 or -errno; then every_stop() does nothing. */
int every_start(struct every *e, unsigned seconds, void (*work)(void *context), void *context);

/* Returns when the work that is being done is done, and no more will be. */
void every_stop(struct every *e);

#endif /* BT_EXPORT_EVERY_H */
