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
	size_t most_bytes, most_one;
	void (*let_go)(void *about);
	struct queue_waiting waiting;
	bool closed, stopped;
	int stop;
};

struct queue *queue_new(size_t most_bytes, size_t most_one, void (*let_go)(void *about))
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
	q->most_one = most_one;
	q->let_go = let_go;
	q->end = &q->first;
	pthread_mutex_init(&q->lock, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&q->changed, &monotonic);
	pthread_condattr_destroy(&monotonic);
	return q;
}

static size_t cost(size_t n)
{
	return sizeof(struct queued) + n;
}

static void free_message(const struct queue *q, const struct queued *message)
{
	free(message->bytes);
	if (q->let_go)
		q->let_go(message->about);
}

static uint64_t free_first(struct queue *q)
{
	struct queued *done = q->first;
	uint64_t refusals = done->refusals;

	q->first = done->next;
	if (!q->first)
		q->end = &q->first;
	q->waiting.messages--;
	q->waiting.bytes -= cost(done->n);
	q->waiting.refusals -= refusals;
	free_message(q, done);
	free(done);
	return refusals;
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
	if (q->waiting.bytes + cost(one->n) > q->most_bytes)
		return false;
	*q->end = one;
	q->end = &one->next;
	q->waiting.messages++;
	q->waiting.bytes += cost(one->n);
	q->waiting.refusals += one->refusals;
	pthread_cond_broadcast(&q->changed);
	return true;
}

bool queue_put(struct queue *q, const struct queued *message, uint64_t *before)
{
	struct queued *one = message->bytes ? malloc(sizeof(*one)) : NULL;
	bool put = false;

	if (one)
		*one = *message;
	pthread_mutex_lock(&q->lock);
	if (before)
		*before = q->waiting.messages;
	if (one)
		put = append(q, one);
	pthread_mutex_unlock(&q->lock);
	if (!put) {
		free_message(q, message);
		free(one);
	}
	return put;
}

bool queue_full(struct queue *q)
{
	return queue_waiting(q).bytes + cost(q->most_one) > q->most_bytes;
}

struct queue_waiting queue_waiting(struct queue *q)
{
	struct queue_waiting waiting;

	pthread_mutex_lock(&q->lock);
	waiting = q->waiting;
	waiting.since_ns = q->first ? q->first->since_ns : 0;
	pthread_mutex_unlock(&q->lock);
	return waiting;
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

void queue_visit(struct queue *q, bool (*take)(void *context, const struct queued *one),
		 void *context)
{
	pthread_mutex_lock(&q->lock);
	for (const struct queued *one = q->first; one && take(context, one); one = one->next)
		;
	pthread_mutex_unlock(&q->lock);
}

uint64_t queue_done(struct queue *q, uint64_t messages)
{
	uint64_t refusals = 0;

	pthread_mutex_lock(&q->lock);
	while (messages-- && q->first)
		refusals += free_first(q);
	pthread_cond_broadcast(&q->changed);
	pthread_mutex_unlock(&q->lock);
	return refusals;
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
