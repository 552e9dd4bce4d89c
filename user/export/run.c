// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "export/run.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "base/log.h"
#include "export/classes.h"
#include "export/input.h"
#include "export/metrics.h"

#define SECOND 1000000000ull

/* What is left at the end is delivered within this time, or counted as lost. */
#define PATIENCE_NS (5 * SECOND)

/* As many lines are read before signals and the clock get their turn. */
enum { MOST_EXPORTERS = 8, LINES_AT_ONCE = 256, MOST_MESSAGES = 10 };

struct run {
	const struct options *o;
	struct input *input;
	struct metrics *metrics;
	struct {
		const struct exporter_class *class;
		struct exporter *exporter;
	} out[MOST_EXPORTERS];
	unsigned n;
	struct export_stream stream;
	struct export_line line;
	struct event event;
	uint64_t unusable; /* lines */
	bool ended;	   /* there is nothing more to read */
	int err;	   /* of the input, -errno */
	int epoll, signals, tick;
};

static void skip(struct run *r, uint64_t number, const char *why)
{
	if (++r->unusable <= MOST_MESSAGES)
		log_warning("%s: line %" PRIu64 " %s; it is skipped", input_name(r->input), number,
			    why);
	if (r->unusable == MOST_MESSAGES)
		log_warning("%s: more such lines are only counted", input_name(r->input));
}

static void hand_out(struct run *r, const struct line *line)
{
	const char *wrong = export_line_read(&r->line, line, &r->stream, &r->event);

	if (wrong) {
		skip(r, line->number, wrong);
		return;
	}
	metrics_line(r->metrics, &r->line);
	for (unsigned i = 0; i < r->n; i++)
		r->out[i].class->line(r->out[i].exporter, &r->line);
	export_line_free(&r->line);
}

static bool full(const struct run *r)
{
	for (unsigned i = 0; i < r->n; i++)
		if (r->out[i].class->full && r->out[i].class->full(r->out[i].exporter))
			return true;
	return false;
}

static void read_some(struct run *r)
{
	struct line line;
	int got = 1;

	for (int i = 0; i < LINES_AT_ONCE && got > 0; i++) {
		if (input_waits(r->input) && full(r))
			return;
		got = input_next(r->input, &line);
		if (got > 0)
			hand_out(r, &line);
	}
	r->ended = got < 0;
	r->err = got == -ENODATA || got > 0 ? 0 : got;
}

static void on_tick(struct run *r)
{
	uint64_t expirations;

	if (read(r->tick, &expirations, sizeof(expirations)) < 0)
		return;
	for (unsigned i = 0; i < r->n; i++)
		if (r->out[i].class->tick)
			r->out[i].class->tick(r->out[i].exporter);
}

static int watch(struct run *r, int fd)
{
	struct epoll_event event = { .events = EPOLLIN, .data.fd = fd };

	return fd < 0 || epoll_ctl(r->epoll, EPOLL_CTL_ADD, fd, &event) ? -errno : 0;
}

static int prepare_loop(struct run *r)
{
	const struct itimerspec second = { .it_value.tv_sec = 1, .it_interval.tv_sec = 1 };
	sigset_t set;
	int err;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	/* a tracer's child ends when its input does, so that it has the last line, too */
	if (r->o->child) {
		signal(SIGINT, SIG_IGN);
		signal(SIGTERM, SIG_IGN);
		signal(SIGHUP, SIG_IGN);
		signal(SIGQUIT, SIG_IGN);
	}
	/* before any thread begins: all of them leave these to the loop */
	sigprocmask(SIG_BLOCK, &set, NULL);
	signal(SIGPIPE, SIG_IGN);
	r->epoll = epoll_create1(EPOLL_CLOEXEC);
	r->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	r->tick = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	timerfd_settime(r->tick, 0, &second, NULL);
	err = watch(r, r->signals);
	err = err ? err : watch(r, r->tick);
	return err ? err : watch(r, input_fd(r->input));
}

static void loop(struct run *r)
{
	struct epoll_event events[4];
	int n;

	while (!r->ended) {
		n = epoll_wait(r->epoll, events, 4, -1);
		for (int i = 0; i < n; i++) {
			if (events[i].data.fd == r->signals)
				return;
			if (events[i].data.fd == r->tick)
				on_tick(r);
			else
				read_some(r);
		}
	}
}

static int open_exporters(struct run *r)
{
	const struct exporter_class *const *c;
	int status;

	for (c = exporter_classes; *c; c++) {
		if (!(*c)->wanted(r->o))
			continue;
		status =
			(*c)->open ? (*c)->open(&r->out[r->n].exporter, r->o, r->metrics) : EXIT_OK;
		if (status)
			return status;
		r->out[r->n++].class = *c;
	}
	if (r->n)
		return EXIT_OK;
	log_error("nothing says where to export to; --help lists the ways");
	return EXIT_USAGE;
}

static int start_exporters(struct run *r)
{
	int status = EXIT_OK;

	for (unsigned i = 0; i < r->n && !status; i++)
		if (r->out[i].class->start)
			status = r->out[i].class->start(r->out[i].exporter);
	return status;
}

static int run(struct run *r)
{
	int status;

	r->metrics = metrics_new(0);
	if (!r->metrics) {
		log_error("out of memory");
		return EXIT_FAILED;
	}
	status = input_open(&r->input, r->o->input);
	if (!status)
		status = open_exporters(r);
	if (!status && prepare_loop(r)) {
		log_error("cannot wait for %s: %s", input_name(r->input), strerror(errno));
		status = EXIT_FAILED;
	}
	if (!status)
		status = start_exporters(r);
	if (status)
		return status;
	if (r->o->child && write(STDIN_FILENO, "", 1) != 1)
		return EXIT_FAILED;
	loop(r);
	if (!r->err)
		return EXIT_OK;
	log_error("cannot read %s: %s", input_name(r->input), strerror(-r->err));
	return EXIT_FAILED;
}

int export_run(const struct options *o)
{
	struct run *r = calloc(1, sizeof(*r));
	int status;

	if (!r) {
		log_error("out of memory");
		return EXIT_FAILED;
	}
	r->o = o;
	status = run(r);
	for (unsigned i = 0; i < r->n; i++)
		r->out[i].class->close(r->out[i].exporter, PATIENCE_NS);
	input_close(r->input);
	metrics_free(r->metrics);
	free(r);
	return status;
}
