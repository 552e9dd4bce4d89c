// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "export/run.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "export/ephemeral.h"
#include "export/input.h"
#include "export/metrics.h"
#include "export/outputs.h"
#include "export/position.h"
#include "export/privilege.h"

#define SECOND 1000000000ull

/* What is left at the end is delivered within this time, or counted as lost. */
#define PATIENCE_NS (5 * SECOND)

/* As many lines are read before signals and the clock get their turn. */
enum { LINES_AT_ONCE = 256, MOST_MESSAGES = 10 };

/* A source that can wait is asked again after so long, while there is no room for its lines. */
enum { STALL_MS = 20 };

struct run {
	const struct options *o;
	struct input *input;
	struct metrics *metrics;
	struct ephemeral *ephemeral; /* NULL: not to be read */
	struct outputs outputs;
	struct export_line line;
	struct event event;
	struct position_file *positions; /* NULL: nowhere to keep them */
	struct position kept;
	bool unkept;	   /* that a position cannot be kept has been said */
	uint64_t unusable; /* lines */
	bool more;	   /* the input may have lines */
	bool stalled;	   /* ... for which there is no room */
	bool interrupted;  /* once: what is under way is still read */
	unsigned patience; /* seconds since then */
	bool stopped;	   /* by a signal, wherever it is */
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

static void hand_out(struct run *r, const struct input_line *in)
{
	const char *wrong = export_line_read(&r->line, &in->line, in->stream, &r->event);

	if (wrong && !in->before)
		skip(r, in->line.number, wrong);
	if (wrong)
		return;
	if (!in->before) {
		metrics_line(r->metrics, &r->line);
		outputs_line(&r->outputs, &r->line);
	}
	export_line_free(&r->line);
}

static void say_unkept(struct run *r, int err)
{
	if (err && !r->unkept)
		log_warning("cannot keep the position in %s: %s; after a restart lines come again",
			    r->o->state, strerror(-err));
	r->unkept = r->unkept || err;
}

/* What everybody has delivered is not told again by who comes after us. */
static void keep_position(struct run *r)
{
	struct position p;

	if (!r->positions || !input_position(r->input, &p) || outputs_pending(&r->outputs))
		return;
	if (p.file == r->kept.file && p.offset == r->kept.offset && p.after == r->kept.after)
		return;
	r->kept = p;
	say_unkept(r, position_keep(r->positions, &p));
}

static void read_some(struct run *r)
{
	struct input_line line;
	int got = 1;

	for (int i = 0; i < LINES_AT_ONCE && got > 0; i++) {
		r->stalled = input_waits(r->input) && outputs_full(&r->outputs);
		if (r->stalled)
			return;
		got = input_next(r->input, &line);
		if (got < 1)
			break;
		hand_out(r, &line);
		keep_position(r);
	}
	r->more = got > 0;
	r->ended = got < 0;
	r->err = got == -ENODATA || got > 0 ? 0 : got;
}

static void on_tick(struct run *r)
{
	uint64_t expirations;

	if (read(r->tick, &expirations, sizeof(expirations)) < 0)
		return;
	outputs_tick(&r->outputs);
	keep_position(r);
	if (r->interrupted && ++r->patience == 2)
		log_warning("reading %s to its end; another Ctrl-C ends at once",
			    input_name(r->input));
	if (r->positions)
		say_unkept(r, position_sync(r->positions));
	/* no event tells of what another machine writes into a file */
	r->more = true;
}

/* Ctrl-C reaches all of a pipeline: a tracer's last lines, what it lost and its totals among them, are still to come. */
static void on_signal(struct run *r)
{
	struct signalfd_siginfo info;

	if (read(r->signals, &info, sizeof(info)) != sizeof(info))
		return;
	r->stopped = info.ssi_signo != SIGINT || r->interrupted || !input_ends(r->input);
	r->interrupted = true;
}

static int watch(struct run *r, int fd, uint32_t events)
{
	struct epoll_event event = { .events = events, .data.fd = fd };

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
	err = watch(r, r->signals, EPOLLIN);
	err = err ? err : watch(r, r->tick, EPOLLIN);
	if (!err && input_fd(r->input) >= 0)
		err = watch(r, input_fd(r->input), EPOLLIN | EPOLLET);
	/* what never makes anybody wait, such as /dev/null, is read to its end */
	err = err == -EPERM ? 0 : err;
	r->more = true;
	return err;
}

static void loop(struct run *r)
{
	struct epoll_event events[4];
	int n;

	keep_position(r); /* also of a file of which nothing has been read: it may get a number */
	while (!r->ended && !r->stopped) {
		n = epoll_wait(r->epoll, events, 4, !r->more ? -1 : r->stalled ? STALL_MS : 0);
		for (int i = 0; i < n; i++) {
			if (events[i].data.fd == r->signals)
				on_signal(r);
			else if (events[i].data.fd == r->tick)
				on_tick(r);
			else
				r->more = true;
		}
		if (r->more && !r->stopped)
			read_some(r);
	}
}

/* What can wait stays where it is; so all that was read is delivered first, if that is possible in time. */
static void settle(struct run *r)
{
	uint64_t until_ns = clock_boottime_ns() + PATIENCE_NS;

	while (r->positions && outputs_pending(&r->outputs) && clock_boottime_ns() < until_ns)
		poll(NULL, 0, STALL_MS);
	keep_position(r);
}

static int open_input(struct run *r)
{
	bool found = false;
	int status = EXIT_OK;

	if (r->o->state)
		status = position_open(&r->positions, r->o->state, &r->kept, &found);
	if (!status)
		status = input_open(&r->input, r->o->input, found ? &r->kept : NULL);
	if (status || !r->o->state || input_has_positions(r->input))
		return status;
	log_error("--state keeps a position in a recording, and %s is none", input_name(r->input));
	return EXIT_USAGE;
}

/* Everything that needs a privilege, then without any the rest. */
static int start(struct run *r)
{
	int status;

	r->metrics = metrics_new(r->o->port_series);
	if (!r->metrics) {
		log_error("out of memory");
		return EXIT_FAILED;
	}
	r->ephemeral = ephemeral_open();
	status = open_input(r);
	if (!status)
		status = outputs_open(&r->outputs, r->o, r->metrics);
	if (!status && prepare_loop(r)) {
		log_error("cannot wait for %s: %s", input_name(r->input), strerror(errno));
		status = EXIT_FAILED;
	}
	if (!status)
		status = privilege_drop(r->o->user);
	if (!status)
		status = privilege_confine(outputs_folder(&r->outputs));
	if (status)
		return status;
	input_unprivileged(r->input);
	log_info("reading %s as user %u", input_name(r->input), geteuid());
	if (r->ephemeral && ephemeral_start(r->ephemeral, r->metrics))
		return EXIT_FAILED;
	return outputs_start(&r->outputs);
}

static int run(struct run *r)
{
	int status = start(r);

	if (status)
		return status;
	if (r->o->child && write(STDIN_FILENO, "", 1) != 1)
		return EXIT_FAILED;
	loop(r);
	settle(r);
	if (r->unusable > MOST_MESSAGES)
		log_warning("%s: %" PRIu64 " lines could not be used", input_name(r->input),
			    r->unusable);
	if (!r->err)
		return EXIT_OK;
	if (r->err != -EACCES)
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
	outputs_close(&r->outputs, PATIENCE_NS);
	position_close(r->positions);
	input_close(r->input);
	ephemeral_close(r->ephemeral);
	metrics_free(r->metrics);
	free(r);
	return status;
}
