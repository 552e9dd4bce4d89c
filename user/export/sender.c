// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "export/sender.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "export/metrics.h"

/* The first trial after a failure comes at once. */
enum { FIRST_PAUSE_MS = 250, LONGEST_PAUSE_MS = 30000 };

/* The thread ends as soon as it looks; only the resolver of names does not. */
enum { LAST_WAIT_S = 1 };

struct sender {
	const struct sender_class *class;
	const void *where;
	const char *shown;
	struct metrics *metrics;
	struct queue *queue;
	pthread_t thread;
	bool running;
	int fd;
	unsigned failures; /* in a row */
	uint64_t dropped;  /* lines, by the thread that reads */
	uint64_t given_up; /* lines that are too long, by the other one */
};

struct sender *sender_new(const struct sender_class *c, const void *where, const char *shown,
			  size_t queue_bytes, struct metrics *m)
{
	struct sender *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	*s = (struct sender){ .class = c, .where = where, .shown = shown, .metrics = m, .fd = -1 };
	s->queue = queue_new(queue_bytes, queue_bytes / 2, NULL);
	if (!s->queue) {
		free(s);
		return NULL;
	}
	metrics_export_errors(m, c->name, 0);
	return s;
}

int sender_connect(struct sender *s)
{
	int fd = s->class->connect(s->where, queue_stop_fd(s->queue));

	if (fd < 0)
		return fd;
	s->fd = fd;
	return 0;
}

/* Until the descriptor is ready, or it is time to end: then false. fd -1: only so many milliseconds. */
static bool wait_for(struct sender *s, int fd, short events, int ms)
{
	struct pollfd p[] = { { .fd = queue_stop_fd(s->queue), .events = POLLIN },
			      { .fd = fd, .events = events } };

	while (poll(p, 2, ms) < 0 && errno == EINTR)
		;
	return !p[0].revents;
}

static void disconnect(struct sender *s)
{
	if (s->fd >= 0)
		close(s->fd);
	s->fd = -1;
}

static const char *why(int err)
{
	return err == -ENONET ? "its name has no address" : strerror(-err);
}

/* Says it once; pauses from the second time on. Whether to try again. */
static bool failed(struct sender *s, int err)
{
	unsigned pause_ms = FIRST_PAUSE_MS;

	disconnect(s);
	metrics_export_errors(s->metrics, s->class->name, 1);
	if (s->failures++ == 1)
		log_warning("%s: %s cannot be reached: %s; what comes is kept, while there is room",
			    s->class->name, s->shown, why(err));
	for (unsigned i = 2; i < s->failures && pause_ms < LONGEST_PAUSE_MS; i++)
		pause_ms *= 2;
	if (pause_ms > LONGEST_PAUSE_MS)
		pause_ms = LONGEST_PAUSE_MS;
	return wait_for(s, -1, 0, s->failures > 1 ? (int)pause_ms : 0);
}

/* All of it: what a connection has taken of a message before it broke, is sent again. 0 or -errno. */
static int send_whole(struct sender *s, const struct queued *one)
{
	size_t sent = 0;
	ssize_t n;

	while (sent < one->n) {
		n = s->class->send(s->fd, one->bytes + sent, one->n - sent);
		if (n == -EAGAIN && !wait_for(s, s->fd, POLLOUT, -1))
			return -ECANCELED;
		if (n < 0 && n != -EAGAIN && n != -EINTR)
			return (int)n;
		sent += n > 0 ? (size_t)n : 0;
	}
	return 0;
}

static void gives_up(struct sender *s, const struct queued *one)
{
	metrics_export_errors(s->metrics, s->class->name, 1);
	metrics_lost(s->metrics, "export", one->refusals);
	if (!s->given_up++)
		log_warning("%s: a line of %zu bytes is too long for %s; such lines are left out",
			    s->class->name, one->n, s->shown);
}

/* false: it is time to end, and the message is still there. */
static bool deliver(struct sender *s, const struct queued *one)
{
	int err;

	do {
		err = s->fd < 0 ? sender_connect(s) : 0;
		if (!err)
			err = send_whole(s, one);
		if (err == -ECANCELED)
			return false;
	} while (err && err != -EMSGSIZE && failed(s, err));
	if (err && err != -EMSGSIZE)
		return false;
	if (s->failures > 1)
		log_info("%s: %s is reached again", s->class->name, s->shown);
	s->failures = 0;
	if (err)
		gives_up(s, one);
	return true;
}

static void *run(void *context)
{
	struct sender *s = context;
	const struct queued *one;

	while ((one = queue_first(s->queue)) && deliver(s, one))
		queue_done(s->queue, 1);
	return NULL;
}

int sender_start(struct sender *s)
{
	int err = pthread_create(&s->thread, NULL, run, s);

	s->running = !err;
	return -err;
}

void sender_put(struct sender *s, char *bytes, size_t n, uint64_t refusals)
{
	const struct queued message = { .bytes = bytes, .n = n, .refusals = refusals };

	if (queue_put(s->queue, &message, NULL))
		return;
	metrics_lost(s->metrics, "export", refusals);
	if (!s->dropped++)
		log_warning("%s: there is no room for more; lines are dropped, and counted",
			    s->class->name);
}

bool sender_full(struct sender *s)
{
	return queue_full(s->queue);
}

uint64_t sender_pending(struct sender *s)
{
	return queue_waiting(s->queue).messages;
}

/* Whether its thread has ended. */
static bool ended(struct sender *s)
{
	struct timespec until;

	if (!s->running)
		return true;
	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += LAST_WAIT_S;
	return !pthread_clockjoin_np(s->thread, NULL, CLOCK_MONOTONIC, &until);
}

bool sender_close(struct sender *s, uint64_t patience_ns)
{
	struct queue_waiting left;
	bool done;

	if (!s)
		return true;
	queue_close(s->queue, s->running ? patience_ns : 0);
	done = ended(s);
	left = queue_waiting(s->queue);
	metrics_lost(s->metrics, "export", left.refusals);
	if (left.messages + s->dropped)
		log_warning("%s: %" PRIu64 " lines did not get to %s", s->class->name,
			    left.messages + s->dropped, s->shown);
	if (!done)
		return false; /* it goes with the process, and so does what it looks at */
	disconnect(s);
	queue_free(s->queue);
	free(s);
	return true;
}
