// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "export/every.h"

#include <errno.h>
#include <time.h>

/* Whether so long has passed, and it is not to end. */
static bool pause_between(struct every *e)
{
	struct timespec until;
	int err = 0;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += e->seconds;
	while (!e->ends && !err)
		err = pthread_cond_timedwait(&e->end, &e->lock, &until);
	return !e->ends;
}

static void *run(void *arg)
{
	struct every *e = arg;

	pthread_mutex_lock(&e->lock);
	while (pause_between(e)) {
		pthread_mutex_unlock(&e->lock);
		e->work(e->context);
		pthread_mutex_lock(&e->lock);
	}
	pthread_mutex_unlock(&e->lock);
	return NULL;
}

int every_start(struct every *e, unsigned seconds, void (*work)(void *context), void *context)
{
	pthread_condattr_t monotonic;
	int err;

	*e = (struct every){ .seconds = seconds, .work = work, .context = context };
	pthread_mutex_init(&e->lock, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&e->end, &monotonic);
	pthread_condattr_destroy(&monotonic);
	err = pthread_create(&e->thread, NULL, run, e);
	e->running = !err;
	return -err;
}

void every_stop(struct every *e)
{
	if (!e->running)
		return;
	pthread_mutex_lock(&e->lock);
	e->ends = true;
	pthread_cond_signal(&e->end);
	pthread_mutex_unlock(&e->lock);
	pthread_join(e->thread, NULL);
	pthread_mutex_destroy(&e->lock);
	pthread_cond_destroy(&e->end);
	e->running = false;
}
