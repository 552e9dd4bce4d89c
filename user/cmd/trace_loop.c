// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "cmd/trace.h"

#include <errno.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "cmd/exporting.h"
#include "cmd/recording.h"
#include "cmd/tell.h"

#define SECOND 1000000000ull

static void soon(struct trace *t)
{
	struct itimerspec in_a_second = { .it_value.tv_sec = 1 };

	timerfd_settime(t->tick, 0, &in_a_second, NULL);
}

static void on_tick(struct trace *t)
{
	uint64_t expirations;

	if (read(t->tick, &expirations, sizeof(expirations)) < 0)
		return;
	if (report_tick(&t->report))
		soon(t);
}

/* After what had come before it, which is told by the clock as it is now. */
static void on_clocks(struct trace *t)
{
	struct clock_change change;

	if (clocks_changed(&t->clocks, &change))
		tell_clock(&t->report, &change);
}

/* Whether it is time to end: the signals of a program that runs are its own. */
static bool on_signal(struct trace *t)
{
	struct signalfd_siginfo info;

	if (read(t->signals, &info, sizeof(info)) != sizeof(info))
		return false;
	if (t->running) {
		t->signalled = true;
		program_signal(&t->program, &info);
		return false;
	}
	if (info.ssi_signo != SIGHUP || !t->report.recording)
		return true;
	recording_reopen(t->report.recording);
	soon(t);
	return false;
}

int trace_watch(struct trace *t, int fd, uint32_t events)
{
	struct epoll_event event = { .events = events, .data.fd = fd };

	return fd < 0 || epoll_ctl(t->epoll, EPOLL_CTL_ADD, fd, &event) ? -errno : 0;
}

int trace_prepare(struct trace *t)
{
	struct itimerspec end = { .it_value = { .tv_sec = (time_t)(t->o->duration_ns / SECOND),
						.tv_nsec = (long)(t->o->duration_ns % SECOND) } };
	sigset_t set;
	int err;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	if (t->o->program)
		sigaddset(&set, SIGQUIT);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGTTOU,
	       SIG_IGN); /* a program that has taken the terminal does not stop its tracer */
	t->epoll = epoll_create1(EPOLL_CLOEXEC);
	t->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	t->tick = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
	t->deadline = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
	timerfd_settime(t->deadline, 0, &end, NULL);
	clocks_watch(&t->clocks);
	err = trace_watch(t, t->signals, EPOLLIN);
	err = err ? err : trace_watch(t, t->tick, EPOLLIN);
	err = err ? err : trace_watch(t, t->deadline, EPOLLIN);
	err = err ? err : trace_watch(t, t->clocks.fd, EPOLLIN);
	if (!err && t->o->program)
		err = trace_watch(t, t->program.pidfd, EPOLLIN);
	trace_watch(t, t->reader, 0);
	return err;
}

enum ending trace_loop(struct trace *t)
{
	struct report *r = &t->report;
	struct epoll_event events[8];
	int n, i, fd;

	while (!r->err && !r->enough) {
		n = epoll_wait(t->epoll, events, 8, -1);
		for (i = 0; i < n; i++) {
			fd = events[i].data.fd;
			if (fd == t->deadline || (t->o->program && fd == t->program.pidfd))
				return ENDED;
			if (fd == t->reader)
				return READER_GONE;
			if (fd == t->tick)
				on_tick(t);
			else if (fd == t->clocks.fd)
				on_clocks(t);
			else if (r->exporting && fd == exporting_fd(r->exporting))
				exporting_event(r);
			else if (fd != t->signals && report_read(r))
				soon(t);
			else if (fd == t->signals && on_signal(t))
				return ENDED;
		}
	}
	return r->err == -EPIPE ? READER_GONE : ENDED;
}

int trace_await_program(struct trace *t)
{
	struct signalfd_siginfo info;
	struct epoll_event event;

	close(t->epoll);
	t->epoll = epoll_create1(EPOLL_CLOEXEC);
	trace_watch(t, t->signals, EPOLLIN);
	trace_watch(t, t->program.pidfd, EPOLLIN);
	while (epoll_wait(t->epoll, &event, 1, -1) < 1 || event.data.fd != t->program.pidfd)
		while (read(t->signals, &info, sizeof(info)) == sizeof(info))
			program_signal(&t->program, &info);
	return program_status(&t->program);
}
