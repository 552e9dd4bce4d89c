// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* bindtrace check --wait: ends the moment the port can be had. */
#include <errno.h>
#include <poll.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "cmd/check.h"

#define MS 1000000ull

/*
 * A TIME_WAIT ends when it was foretold to, a TCP socket's end is told by the kernel side, and for what
 * neither of them covers it is tried every so often.
 */
enum {
	FIRST_PAUSE_MS = 50,
	LAST_PAUSE_MS = 1000,
	SHORT_PAUSE_MS = 5, /* when it must be about to be free */
	REDRAW_MS = 100,
};

struct wait {
	uint64_t began_ns;
	uint64_t tried_ns; /* the last time */
	uint64_t next_ns;
	uint64_t pause_ns;
	bool terminal;
};

/* What does not go away by itself is not waited for. */
static bool may_pass(int error)
{
	return error == EADDRINUSE || error == EADDRNOTAVAIL || error == ENODEV || error == ENOMEM;
}

static uint64_t foretold_ns(const struct check *c)
{
	const struct verdict *v = &c->event.verdict;

	if (!c->traced || !v->has_frees_in)
		return UINT64_MAX;
	return c->event.rec.hdr.boottime_ns + (v->frees_in_ns > 0 ? (uint64_t)v->frees_in_ns : 0);
}

/* A trial was refused: when is the next one? */
static void plan(struct wait *w, const struct check *c)
{
	uint64_t end = foretold_ns(c);

	w->next_ns = w->tried_ns + w->pause_ns;
	w->pause_ns = 2 * w->pause_ns < LAST_PAUSE_MS * MS ? 2 * w->pause_ns : LAST_PAUSE_MS * MS;
	if (end > w->next_ns)
		return;
	/* due, or overdue by the granularity of the kernel's timers */
	w->pause_ns = SHORT_PAUSE_MS * MS;
	if (end < w->tried_ns + w->pause_ns)
		end = w->tried_ns + w->pause_ns;
	if (end < w->next_ns)
		w->next_ns = end;
}

/* A socket on the port is going this very moment; not every connection of a busy server is worth a trial. */
static void hurry(struct wait *w)
{
	uint64_t soon = w->tried_ns + SHORT_PAUSE_MS * MS, now = clock_boottime_ns() + MS;

	if (soon < now)
		soon = now;
	if (soon < w->next_ns)
		w->next_ns = soon;
	w->pause_ns = SHORT_PAUSE_MS * MS;
}

/* One line: "tcp 127.0.0.1:8000: TIME_WAIT, closed by python3[4188], frees in 41.3 s" */
static void show(const struct check *c, const struct wait *w, const char *end)
{
	uint64_t now = clock_boottime_ns();
	char line[1024];
	struct text t;

	if (c->o->verbose < 0 || c->o->json)
		return;
	text_init(&t, line, sizeof(line) - 8);
	text_add(&t, w->terminal ? "\r" : "");
	text_add_endpoint(&t, &c->answer);
	text_add(&t, ": ");
	if (c->traced)
		text_add_obstacle(&t, &c->event, now);
	else
		text_add(&t, c->answer.summary);
	text_add(&t, ", waiting ");
	clock_add_span(&t, now - w->began_ns);
	t.size = sizeof(line);
	text_add(&t, end);
	write_all(STDOUT_FILENO, t.buf, t.len);
}

/* Sleeps until the next trial is due, or the time is over; the line on the terminal goes on. */
static void pause_until(struct check *c, struct wait *w, uint64_t deadline_ns)
{
	struct pollfd fd = { .fd = bpf_source_fd(c->source), .events = POLLIN };
	uint64_t now, end, left;
	struct timespec time;

	for (;;) {
		end = w->next_ns < deadline_ns ? w->next_ns : deadline_ns;
		now = clock_boottime_ns();
		if (now >= end)
			return;
		left = end - now;
		if (w->terminal && left > REDRAW_MS * MS)
			left = REDRAW_MS * MS;
		time = (struct timespec){ .tv_sec = (time_t)(left / (1000 * MS)),
					  .tv_nsec = (long)(left % (1000 * MS)) };
		c->released = false;
		if (ppoll(&fd, 1, &time, NULL) > 0)
			check_read(c);
		if (c->released)
			hurry(w);
		if (w->terminal)
			show(c, w, "\033[K");
	}
}

int check_wait(struct check *c)
{
	struct wait w = { .began_ns = clock_boottime_ns(),
			  .pause_ns = FIRST_PAUSE_MS * MS,
			  .terminal = isatty(STDOUT_FILENO) && !c->o->json && c->o->verbose >= 0 };
	uint64_t limit = c->o->bind.wait_ns;
	uint64_t deadline_ns = limit < UINT64_MAX - w.began_ns ? w.began_ns + limit : UINT64_MAX;
	int err = 0;

	w.tried_ns = w.began_ns;
	if (c->o->json || !may_pass(c->answer.error))
		check_tell_refusal(c);
	if (may_pass(c->answer.error))
		show(c, &w, w.terminal ? "\033[K" : "\n");
	while (!err && c->answer.error && may_pass(c->answer.error) &&
	       clock_boottime_ns() < deadline_ns) {
		plan(&w, c);
		pause_until(c, &w, deadline_ns);
		w.tried_ns = clock_boottime_ns();
		err = check_try(c);
	}
	c->answer.waited = true;
	c->answer.waited_ns = clock_boottime_ns() - w.began_ns;
	if (w.terminal)
		write_all(STDOUT_FILENO, "\r\033[K", 4);
	if (c->answer.error && may_pass(c->answer.error) && !c->o->json)
		show(c, &w, "\n");
	return err;
}
