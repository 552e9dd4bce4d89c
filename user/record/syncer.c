// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "record/syncer.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include "base/power.h"

#define AFTER_NS                                                                                   \
	500000000l /* the first write that is not synced; the disk has the rest of the second */

/* Waits until it is time, or over: lines that come meanwhile are synced together. */
static void gather(struct syncer *s)
{
	struct timespec until;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_nsec += AFTER_NS;
	until.tv_sec += until.tv_nsec / 1000000000;
	until.tv_nsec %= 1000000000;
	while (!s->stop && pthread_cond_timedwait(&s->change, &s->lock, &until) != ETIMEDOUT)
		;
}

/* Without the lock, on a descriptor of its own: the caller may close theirs meanwhile. */
static void sync_once(struct syncer *s)
{
	int fd = s->fd < 0 ? -1 : fcntl(s->fd, F_DUPFD_CLOEXEC, 0), err = 0;

	s->dirty = false;
	if (fd < 0) {
		s->err = s->fd < 0 ? 0 : -errno;
		return;
	}
	pthread_mutex_unlock(&s->lock);
	if (fdatasync(fd))
		err = -errno;
	close(fd);
	pthread_mutex_lock(&s->lock);
	if (err)
		s->err = err;
}

static void *work(void *context)
{
	struct syncer *s = context;

	/* capabilities are a thread's own, and this one needs none */
	power_keep(NULL, 0);
	pthread_mutex_lock(&s->lock);
	while (!s->stop) {
		if (!s->dirty) {
			pthread_cond_wait(&s->change, &s->lock);
			continue;
		}
		gather(s);
		if (!s->stop)
			sync_once(s);
	}
	pthread_mutex_unlock(&s->lock);
	return NULL;
}

int syncer_start(struct syncer *s)
{
	pthread_condattr_t monotonic;
	sigset_t all, before;
	int err;

	*s = (struct syncer){ .fd = -1 };
	pthread_mutex_init(&s->lock, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&s->change, &monotonic);
	pthread_condattr_destroy(&monotonic);
	/* signals are for the loop */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	err = pthread_create(&s->thread, NULL, work, s);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return -err;
}

void syncer_set(struct syncer *s, int fd)
{
	pthread_mutex_lock(&s->lock);
	s->fd = fd;
	s->dirty = false;
	pthread_mutex_unlock(&s->lock);
}

void syncer_dirty(struct syncer *s)
{
	pthread_mutex_lock(&s->lock);
	if (!s->dirty)
		pthread_cond_signal(&s->change);
	s->dirty = true;
	pthread_mutex_unlock(&s->lock);
}

int syncer_error(struct syncer *s)
{
	int err;

	pthread_mutex_lock(&s->lock);
	err = s->err;
	s->err = 0;
	pthread_mutex_unlock(&s->lock);
	return err;
}

void syncer_stop(struct syncer *s)
{
	pthread_mutex_lock(&s->lock);
	s->stop = true;
	pthread_cond_signal(&s->change);
	pthread_mutex_unlock(&s->lock);
	pthread_join(s->thread, NULL);
	pthread_mutex_destroy(&s->lock);
	pthread_cond_destroy(&s->change);
}
