// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "cmd/exporting.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "cmd/exporter_child.h"

#define SECOND 1000000000ull

/* An event of the largest kind has 600 KB, a usual one 3 KB. */
enum { QUEUE_BYTES = 4 << 20 };

/* It has five seconds of its own to deliver what it has. */
#define PATIENCE_NS (8 * SECOND)

struct exporting {
	struct exporter_child child;
	int tap; /* a sink writes its line there; -1: the recorder's is read */
	char *queue;
	size_t begin, n; /* queue[begin..begin+n), around its end */
	uint64_t lost,
		lost_told; /* refusals whose line found no room, and those a line has told of */
	uint64_t lost_lines;
	uint64_t lost_seq; /* of the latest of these */
	bool gone, gone_told;
};

int exporting_open(struct report *r)
{
	struct exporting *x;
	int status;

	if (!r->o->n_exports)
		return EXIT_OK;
	x = calloc(1, sizeof(*x));
	if (x)
		x->queue = malloc(QUEUE_BYTES);
	if (!x || !x->queue) {
		free(x);
		log_error("out of memory");
		return EXIT_FAILED;
	}
	x->child.fd = -1;
	x->tap = r->o->recording.on ? -1 : memfd_create("line", MFD_CLOEXEC);
	r->exporting = x;
	r->lines = true;
	if (x->tap < 0 && !r->o->recording.on) {
		log_error("cannot make lines for an exporter: %s", strerror(errno));
		return EXIT_FAILED;
	}
	if (x->tap >= 0) {
		r->copy = r->o->json ? r->out : -1;
		r->out = x->tap;
	}
	status = exporter_child_start(&x->child, r->o);
	if (!status)
		fcntl(x->child.fd, F_SETFL, O_NONBLOCK);
	return status;
}

int exporting_fd(const struct exporting *x)
{
	return x->child.fd;
}

pid_t exporting_pid(const struct exporting *x)
{
	return x->child.pid;
}

static void put(struct exporting *x, const char *bytes, size_t n)
{
	size_t at = (x->begin + x->n) % QUEUE_BYTES;
	size_t first = n < QUEUE_BYTES - at ? n : QUEUE_BYTES - at;

	memcpy(x->queue + at, bytes, first);
	memcpy(x->queue, bytes + first, n - first);
	x->n += n;
}

/* Hands over what the socket takes without waiting. */
static void flush(struct exporting *x)
{
	size_t some;
	ssize_t n;

	while (x->n && !x->gone) {
		some = x->n < QUEUE_BYTES - x->begin ? x->n : QUEUE_BYTES - x->begin;
		n = send(x->child.fd, x->queue + x->begin, some, MSG_NOSIGNAL);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			x->gone = errno != EAGAIN;
			return;
		}
		x->begin = (x->begin + (size_t)n) % QUEUE_BYTES;
		x->n -= (size_t)n;
	}
}

/* Reads the line a sink has just written; NULL: nobody can. The caller frees it. */
static char *read_tap(int fd, size_t *n)
{
	off_t end = lseek(fd, 0, SEEK_CUR);
	char *bytes = end > 0 ? malloc((size_t)end) : NULL;

	*n = bytes ? (size_t)end : 0;
	if (bytes && pread(fd, bytes, *n, 0) != end) {
		free(bytes);
		return NULL;
	}
	return bytes;
}

/* A whole line, or none of it: then false. */
static bool take(struct exporting *x, const char *bytes, size_t n)
{
	if (!bytes || x->n + n > QUEUE_BYTES || x->gone)
		return false;
	put(x, bytes, n);
	return true;
}

/*
 * A line about those that found no room, as soon as there is some again. It has the number of the latest of them, so
 * that the exporter gets none twice.
 */
static void tell_lost(struct report *r)
{
	struct exporting *x = r->exporting;
	uint64_t seq = x->lost_seq;
	struct json_moment m;
	char *bytes;
	size_t n;
	int fd;

	if (x->lost == x->lost_told || x->gone || x->n > QUEUE_BYTES / 2)
		return;
	fd = memfd_create("line", MFD_CLOEXEC);
	if (fd < 0)
		return;
	m = report_moment(&seq);
	if (!json_lost(fd, &m, &r->host, "queue", x->lost - x->lost_told)) {
		bytes = read_tap(fd, &n);
		if (take(x, bytes, n))
			x->lost_told = x->lost;
		free(bytes);
	}
	close(fd);
}

int exporting_line(struct report *r, uint64_t refusals)
{
	struct exporting *x = r->exporting;
	char *bytes = NULL;
	int err = 0;
	size_t n;

	flush(x);
	tell_lost(r);
	bytes = read_tap(r->out, &n);
	if (!take(x, bytes, n)) {
		x->lost += refusals;
		x->lost_lines++;
		x->lost_seq = r->seq - 1; /* who made the line has counted it */
	}
	flush(x);
	if (r->copy >= 0)
		err = bytes ? write_all(r->copy, bytes, n) : -ENOMEM;
	free(bytes);
	if (x->tap >= 0 && (ftruncate(r->out, 0) || lseek(r->out, 0, SEEK_SET)))
		err = err ? err : -errno;
	return err;
}

/* It says nothing after it was ready; what it leaves unread at its end makes that an error. */
static bool has_ended(const struct exporting *x)
{
	char byte;
	ssize_t n = recv(x->child.fd, &byte, 1, MSG_DONTWAIT);

	return !n || (n < 0 && errno != EAGAIN && errno != EINTR);
}

void exporting_event(struct report *r)
{
	struct exporting *x = r->exporting;

	x->gone = x->gone || has_ended(x);
	flush(x);
	tell_lost(r);
	flush(x);
	if (x->gone && !x->gone_told)
		log_warning(
			"the exporter has ended; tracing goes on, what it does not get is counted");
	x->gone_told = x->gone;
}

/* Until the socket can take more, it is gone, or there is no more time. */
static void flush_all(struct exporting *x, uint64_t until_ns)
{
	struct pollfd p = { .fd = x->child.fd, .events = POLLOUT };
	uint64_t now;

	flush(x);
	while (x->n && !x->gone && (now = clock_boottime_ns()) < until_ns) {
		poll(&p, 1, (int)((until_ns - now) / 1000000 + 1));
		flush(x);
	}
}

/* Of what it has not got and will not get. */
static void count_unsent(struct exporting *x)
{
	for (size_t i = 0; i < x->n; i++)
		x->lost_lines += x->queue[(x->begin + i) % QUEUE_BYTES] == '\n';
}

int exporting_close(struct report *r, int status)
{
	struct exporting *x = r->exporting;
	uint64_t until_ns = clock_boottime_ns() + PATIENCE_NS;
	const char *wrong;

	if (!x)
		return status;
	if (x->child.pid > 0) {
		flush_all(x, until_ns);
		tell_lost(r);
		flush_all(x, until_ns);
		count_unsent(x);
		wrong = exporter_child_end(&x->child, until_ns);
		if (x->lost_lines)
			log_warning("%" PRIu64 " lines did not reach the exporter", x->lost_lines);
		if (wrong && !status) {
			log_error("%s", wrong);
			status = EXIT_FAILED;
		}
	}
	if (x->child.fd >= 0)
		close(x->child.fd);
	if (x->tap >= 0)
		close(x->tap);
	free(x->queue);
	free(x);
	r->exporting = NULL;
	return status;
}
