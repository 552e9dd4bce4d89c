// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * In a VM, whose clock is nobody else's: the wall clock is set, and the machine suspended, while a tracer has promised
 * when a port frees. Its lines must say so, and what it promised must then hold: the kernel lets us bind.
 *
 *   clock --tracer BINDTRACE
 *
 * The mini-socket is one of FIN_WAIT2, as its time can be chosen; its timer is that of TIME_WAIT.
 */
#include <json-c/json.h>
#include <math.h>
#include <time.h>

#include "kit.h"
#include "tests/storm/tracer.h"

enum { HOUR_S = 3600, SLEEP_S = 6, DEADLINE_S = 120, SHORTEST_SLEEP_S = 2 };

/* An emulated CPU, and a tick of 10 ms. */
static const double tolerance_s = 0.25;

/* A line of the tracer's, as far as it matters. */
struct seen {
	char kind[16];
	double boottime_s, time_s, frees_in_s, frees_at_s, set_by_s, slept_s;
};

static double now_s(clockid_t id)
{
	struct timespec t;

	must(!clock_gettime(id, &t), "clock_gettime failed");
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double real(struct json_object *line, const char *path)
{
	struct json_object *o = json_member(line, path);

	return o ? json_object_get_double(o) : 0;
}

/* "2026-11-29T23:12:00.123456789Z" */
static double moment(const char *text)
{
	struct tm tm = { 0 };
	const char *rest = strptime(text, "%Y-%m-%dT%H:%M:%S", &tm);

	return rest ? (double)timegm(&tm) + strtod(rest, NULL) : 0;
}

/* The next line about a refusal of this port, or about the clock. */
static struct seen next(struct tracer *t, struct ep ep)
{
	struct seen s = { 0 };

	while (!s.kind[0] && tracer_line(t)) {
		struct json_object *line = json_tokener_parse(t->line);
		const char *kind = json_text(line, "kind");

		if (json_number(line, "port") == port_of(ep) || !strcmp(kind, "clock"))
			s = (struct seen){ "",
					   (double)json_number(line, "boottime_ns") / 1e9,
					   moment(json_text(line, "time")),
					   real(line, "frees_in_s"),
					   moment(json_text(line, "frees_at")),
					   real(line, "set_by_s"),
					   real(line, "slept_s") };
		if (s.boottime_s > 0)
			snprintf(s.kind, sizeof(s.kind), "%s", kind);
		json_object_put(line);
	}
	return s;
}

static void set_clock(int by_s)
{
	struct timespec t;

	must(!clock_gettime(CLOCK_REALTIME, &t), "clock_gettime failed");
	t.tv_sec += by_s;
	must(!clock_settime(CLOCK_REALTIME, &t), "clock_settime failed");
}

static bool put(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");
	bool done = f && fputs(text, f) >= 0;

	return f && !fclose(f) && done;
}

/* To memory; the real-time clock wakes it. How long it was, 0 where that is not to be had. */
static double sleep_well(void)
{
	double before = now_s(CLOCK_BOOTTIME) - now_s(CLOCK_MONOTONIC);
	char in[16];

	snprintf(in, sizeof(in), "+%d", SLEEP_S);
	if (!put("/sys/class/rtc/rtc0/wakealarm", in) || !put("/sys/power/state", "mem"))
		return 0;
	return now_s(CLOCK_BOOTTIME) - now_s(CLOCK_MONOTONIC) - before;
}

static void near(const char *what, double found_s, double wanted_s)
{
	if (fabs(found_s - wanted_s) > tolerance_s)
		trouble("%s: %.3f instead of %.3f", what, found_s, wanted_s);
}

/* Closed first, and the other end keeps silent: the port is taken for as long as tcp_fin_timeout says. */
static struct ep taken(void)
{
	struct ep ep = at("127.0.0.1", free_port());
	struct conn c = lone_connection(ep, 0);

	shut(c.server);
	await_mini(port_of(ep), TCP_FIN_WAIT2);
	return ep;
}

static void bind_when_free(int fd, struct ep ep)
{
	while (bind(fd, &ep.sa, ep.len)) {
		must(errno == EADDRINUSE, "bind() failed otherwise");
		nap_ms(30);
	}
}

/* The tracer's next line must be about the clock. */
static struct seen next_clock(struct tracer *t, struct ep ep, const char *where)
{
	struct seen clock = next(t, ep);

	if (strcmp(clock.kind, "clock") != 0)
		trouble("a line '%s' where %s", clock.kind, where);
	return clock;
}

static int test_step(struct tracer *t, int by_s, const char *name)
{
	struct ep ep = taken();
	int fd = refuse(ep, 0, EADDRINUSE);
	struct seen promise = next(t, ep), clock, again;
	double freed_s, freed_at_s;

	set_clock(by_s);
	clock = next_clock(t, ep, "the clock was set");
	near("set_by_s", clock.set_by_s, by_s);
	near("slept_s", clock.slept_s, 0);
	close(refuse(ep, 0, EADDRINUSE));
	again = next(t, ep);
	bind_when_free(fd, ep);
	freed_s = now_s(CLOCK_BOOTTIME);
	freed_at_s = now_s(CLOCK_REALTIME);
	close(fd);
	near("the promise", promise.boottime_s + promise.frees_in_s, freed_s);
	near("the promise by the old clock, and the step", promise.frees_at_s + clock.set_by_s,
	     freed_at_s);
	near("the promise by the new clock", again.frees_at_s, freed_at_s);
	return report(name);
}

static int test_suspend(struct tracer *t)
{
	struct ep ep = taken();
	int fd = refuse(ep, 0, EADDRINUSE);
	struct seen promise = next(t, ep), clock, again;
	double slept_s = sleep_well(), freed_s;

	if (slept_s < SHORTEST_SLEEP_S) {
		printf("SKIP suspend: this machine does not go to sleep\n");
		return 0;
	}
	clock = next_clock(t, ep, "the machine slept");
	near("slept_s", clock.slept_s, slept_s);
	near("set_by_s", clock.set_by_s, 0);
	close(refuse(ep, 0, EADDRINUSE));
	again = next(t, ep);
	bind_when_free(fd, ep);
	freed_s = now_s(CLOCK_BOOTTIME);
	near("the promise, and the sleep", promise.boottime_s + promise.frees_in_s + clock.slept_s,
	     freed_s);
	near("the promise after it", again.boottime_s + again.frees_in_s, freed_s);
	near("... by the wall clock", again.frees_at_s, now_s(CLOCK_REALTIME));
	return report("suspend");
}

int main(int argc, char **argv)
{
	const char *const tracer[] = { argc > 2 ? argv[2] : "bindtrace", "--json", "--no-fold",
				       NULL };
	struct tracer t;
	int failed;

	tracer_deadline(DEADLINE_S, "clock");
	private_net();
	set_sysctl("ipv4/tcp_fin_timeout", "5");
	must(tracer_start(&t, tracer), "the tracer does not start");
	failed = test_step(&t, HOUR_S, "clock_forward");
	failed += test_step(&t, -HOUR_S, "clock_back");
	failed += test_suspend(&t);
	kill(t.pid, SIGINT);
	while (tracer_line(&t))
		;
	if (tracer_wait(&t))
		trouble("it ended badly");
	failed += report("clock_ends");
	return !!failed;
}
