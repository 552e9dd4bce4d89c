// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "export/queue.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

struct queue {
	pthread_mutex_t lock;
	pthread_cond_t changed; /* something was put or done, or it was closed */
	struct queued *first, **end;
	size_t bytes, most_bytes;
	uint64_t pending, refusals;
	bool closed, stopped;
	int stop;
};

struct queue *queue_new(size_t most_bytes)
{
	struct queue *q = calloc(1, sizeof(*q));
	pthread_condattr_t monotonic;

	if (!q)
		return NULL;
	q->stop = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (q->stop < 0) {
		free(q);
		return NULL;
	}
	q->most_bytes = most_bytes;
	q->end = &q->first;
	pthread_mutex_init(&q->lock, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&q->changed, &monotonic);
	pthread_condattr_destroy(&monotonic);
	return q;
}

static void free_first(struct queue *q)
{
	struct queued *done = q->first;

	q->first = done->next;
	if (!q->first)
		q->end = &q->first;
	q->bytes -= done->n;
	q->pending--;
	q->refusals -= done->refusals;
	free(done->bytes);
	free(done);
}

void queue_free(struct queue *q)
{
	if (!q)
		return;
	while (q->first)
		free_first(q);
	pthread_cond_destroy(&q->changed);
	pthread_mutex_destroy(&q->lock);
	close(q->stop);
	free(q);
}

static bool append(struct queue *q, struct queued *one)
{
	if (q->bytes + one->n > q->most_bytes)
		return false;
	*q->end = one;
	q->end = &one->next;
	q->bytes += one->n;
	q->pending++;
	q->refusals += one->refusals;
	pthread_cond_broadcast(&q->changed);
	return true;
}

bool queue_put(struct queue *q, char *bytes, size_t n, uint64_t refusals)
{
	struct queued *one = bytes ? calloc(1, sizeof(*one)) : NULL;
	bool put = false;

	if (one) {
		*one = (struct queued){ .bytes = bytes, .n = n, .refusals = refusals };
		pthread_mutex_lock(&q->lock);
		put = append(q, one);
		pthread_mutex_unlock(&q->lock);
	}
	if (!put) {
		free(bytes);
		free(one);
	}
	return put;
}

bool queue_full(struct queue *q)
{
	bool full;

	pthread_mutex_lock(&q->lock);
	full = q->bytes > q->most_bytes / 2;
	pthread_mutex_unlock(&q->lock);
	return full;
}

uint64_t queue_pending(struct queue *q)
{
	uint64_t pending;

	pthread_mutex_lock(&q->lock);
	pending = q->pending;
	pthread_mutex_unlock(&q->lock);
	return pending;
}

uint64_t queue_refusals(struct queue *q)
{
	uint64_t refusals;

	pthread_mutex_lock(&q->lock);
	refusals = q->refusals;
	pthread_mutex_unlock(&q->lock);
	return refusals;
}

const struct queued *queue_first(struct queue *q)
{
	const struct queued *first;

	pthread_mutex_lock(&q->lock);
	while (!q->first && !q->closed)
		pthread_cond_wait(&q->changed, &q->lock);
	first = q->stopped ? NULL : q->first;
	pthread_mutex_unlock(&q->lock);
	return first;
}

void queue_done(struct queue *q)
{
	pthread_mutex_lock(&q->lock);
	free_first(q);
	pthread_cond_broadcast(&q->changed);
	pthread_mutex_unlock(&q->lock);
}

static struct timespec from_now(uint64_t ns)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	ns += (uint64_t)t.tv_nsec;
	t.tv_sec += (time_t)(ns / 1000000000);
	t.tv_nsec = (long)(ns % 1000000000);
	return t;
}

void queue_close(struct queue *q, uint64_t patience_ns)
{
	const struct timespec until = from_now(patience_ns);
	int err = 0;

	pthread_mutex_lock(&q->lock);
	q->closed = true;
	pthread_cond_broadcast(&q->changed);
	while (q->first && !err)
		err = pthread_cond_timedwait(&q->changed, &q->lock, &until);
	q->stopped = true;
	pthread_mutex_unlock(&q->lock);
	eventfd_write(q->stop, 1);
}

int queue_stop_fd(const struct queue *q)
{
	return q->stop;
}
