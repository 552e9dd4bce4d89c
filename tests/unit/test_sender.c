// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Messages through a socket that breaks, fills up, or is not there. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/log.h"
#include "export/metrics.h"
#include "export/sender.h"
#include "fixture.h"

#define PATIENCE_NS 30000000000ull

enum { QUEUE_BYTES = 1000, TOO_LONG = 500, MOST_CONNECTIONS = 4 };

/* Where the messages go. */
static struct {
	int type;	  /* SOCK_STREAM, SOCK_DGRAM */
	int refusals;	  /* so many times it cannot be connected to */
	int breaks_after; /* so many bytes of the first connection; -1: it does not break */
	bool full;	  /* the socket has no room from the beginning */
	int ends[MOST_CONNECTIONS];
	unsigned connections;
	pthread_mutex_t lock;
	pthread_cond_t connected;
} receiver = { .lock = PTHREAD_MUTEX_INITIALIZER, .connected = PTHREAD_COND_INITIALIZER };

static int connect_it(const void *where, int stop_fd)
{
	int pair[2];

	(void)stop_fd;
	assert_ptr_equal(where, &receiver);
	if (receiver.refusals)
		return receiver.refusals--, -ECONNREFUSED;
	if (socketpair(AF_UNIX, receiver.type, 0, pair) || fcntl(pair[0], F_SETFL, O_NONBLOCK))
		return -errno;
	while (receiver.full && send(pair[0], receiver.ends, sizeof(receiver.ends), 0) > 0)
		;
	pthread_mutex_lock(&receiver.lock);
	receiver.ends[receiver.connections++] = pair[1];
	pthread_cond_signal(&receiver.connected);
	pthread_mutex_unlock(&receiver.lock);
	return pair[0];
}

static ssize_t send_it(int fd, const char *bytes, size_t n)
{
	ssize_t sent;

	if (n >= TOO_LONG)
		return -EMSGSIZE;
	if (receiver.connections == 1 && receiver.breaks_after >= 0) {
		if (!receiver.breaks_after)
			return -EPIPE;
		n = n < (size_t)receiver.breaks_after ? n : (size_t)receiver.breaks_after;
	}
	sent = send(fd, bytes, n, MSG_NOSIGNAL);
	if (sent > 0 && receiver.connections == 1 && receiver.breaks_after > 0)
		receiver.breaks_after -= (int)sent;
	return sent < 0 ? -errno : sent;
}

static const struct sender_class class = { "test", connect_it, send_it };
static struct metrics *metrics;
static struct sender *sender;

static void begin(int type)
{
	receiver.type = type;
	receiver.refusals = 0;
	receiver.breaks_after = -1;
	receiver.full = false;
	receiver.connections = 0;
	metrics = metrics_new(0);
	sender = sender_new(&class, &receiver, "the receiver", QUEUE_BYTES, metrics);
	assert_non_null(sender);
}

static void put(const char *message)
{
	sender_put(sender, strdup(message), strlen(message), 1);
}

static void put_long(size_t n)
{
	char *message = malloc(n);

	memset(message, 'x', n);
	sender_put(sender, message, n, 1);
}

/* What comes next out of a connection, which is waited for. */
static void comes(unsigned connection, const char *wanted)
{
	char got[TOO_LONG];
	ssize_t n;

	pthread_mutex_lock(&receiver.lock);
	while (receiver.connections <= connection)
		pthread_cond_wait(&receiver.connected, &receiver.lock);
	pthread_mutex_unlock(&receiver.lock);
	n = recv(receiver.ends[connection], got, strlen(wanted), MSG_WAITALL);
	assert_int_equal(n, strlen(wanted));
	assert_memory_equal(got, wanted, strlen(wanted));
}

static int add_sample(void *context, const struct metric_sample *s)
{
	double *counts = context;

	if (!strcmp(s->family->name, "export_errors"))
		counts[0] += s->value;
	if (!strcmp(s->family->name, "events_lost"))
		counts[1] += s->value;
	return 0;
}

static void end(uint64_t patience_ns, unsigned errors, unsigned lost)
{
	double counts[2] = { 0 };

	assert_true(sender_close(sender, patience_ns));
	metrics_visit(metrics, 0, add_sample, counts);
	assert_int_equal((unsigned)counts[0], errors);
	assert_int_equal((unsigned)counts[1], lost);
	metrics_free(metrics);
	for (unsigned i = 0; i < receiver.connections; i++)
		close(receiver.ends[i]);
}

static void in_order(void **state)
{
	(void)state;
	begin(SOCK_DGRAM);
	assert_int_equal(sender_connect(sender), 0);
	put("one");
	put("two");
	assert_int_equal(sender_pending(sender), 2);
	assert_int_equal(sender_start(sender), 0);
	put("three");
	comes(0, "one");
	comes(0, "two");
	comes(0, "three");
	end(PATIENCE_NS, 0, 0);
}

/* The first trial after a failure comes at once, the next after a pause. */
static void not_there_at_first(void **state)
{
	(void)state;
	begin(SOCK_DGRAM);
	receiver.refusals = 2;
	put("one");
	assert_int_equal(sender_start(sender), 0);
	comes(0, "one");
	end(PATIENCE_NS, 2, 0);
}

static void whole_again(void **state)
{
	(void)state;
	begin(SOCK_STREAM);
	receiver.breaks_after = 5;
	put("one");
	put("two");
	assert_int_equal(sender_start(sender), 0);
	comes(0, "onetw");
	comes(1, "two");
	end(PATIENCE_NS, 1, 0);
}

static void too_long(void **state)
{
	(void)state;
	begin(SOCK_DGRAM);
	put_long(TOO_LONG);
	put("two");
	assert_int_equal(sender_start(sender), 0);
	comes(0, "two");
	end(PATIENCE_NS, 1, 1);
}

/* Nobody reads: what there is no room for is dropped at once, what is left goes when patience does. */
static void nobody_reads(void **state)
{
	(void)state;
	begin(SOCK_STREAM);
	receiver.full = true;
	put_long(400);
	assert_false(sender_full(sender));
	put_long(400);
	assert_true(sender_full(sender));
	put_long(400);
	assert_int_equal(sender_pending(sender), 2);
	assert_int_equal(sender_connect(sender), 0);
	assert_int_equal(sender_start(sender), 0);
	end(10000000, 0, 3);
}

/* Where it is not even begun, what was taken is counted, too. */
static void never_started(void **state)
{
	(void)state;
	begin(SOCK_DGRAM);
	put("one");
	end(PATIENCE_NS, 0, 1);
	assert_true(sender_close(NULL, 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(in_order),	cmocka_unit_test(not_there_at_first),
		cmocka_unit_test(whole_again),	cmocka_unit_test(too_long),
		cmocka_unit_test(nobody_reads), cmocka_unit_test(never_started),
	};

	log_set_level(LOG_LEVEL_ERROR);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
