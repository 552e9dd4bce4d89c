/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Runs case programs under bindtrace and compares its events with what the cases say they must be.
 *
 * No sleeps: the tracer sees refusals in order, so a refused bind of the driver's own (the
 * sentinel, a second bind() of one socket, to a port number never used before) is printed after
 * everything that happened earlier. One is made whenever a case waits for its events, and when a
 * case has ended.
 *
 * What a case prints, one JSON object a line: an expectation (match.h), or one of
 *   {"quiet": true}    it expects no event at all
 *   {"more": true}     events beyond the expected ones are no fault
 *   {"child": PID}     a process whose events are the case's
 *   {"unseen": WORD}   the tracer's rung does not see or tell apart this of the case; a word of coverage.missing
 *   {"settle": true}   it waits on stdin until the tracer has printed everything so far
 *   {"await": true}    it waits on stdin for an event of its own, which the kernel causes when it likes
 *   {"freed_boottime_ns": N, "at_least": BOOL}   when its port was free; compared with the first
 * event
 */
#include <dirent.h>
#include <errno.h>
#include <getopt.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "driver.h"

enum { FIRST_SENTINEL_PORT = 2000, MAX_ACTIVE = 8 };

struct options options = { .tracer = "./bindtrace", .tolerance_ms = 50 };
struct tracer tracer = { .next_port = FIRST_SENTINEL_PORT };
struct list events;
unsigned passed, failed, skipped;

static struct run **runs;
static size_t n_runs;

__attribute__((noreturn, format(printf, 1, 2))) void die(const char *fmt, ...)
{
	va_list args;

	fflush(stdout);
	fprintf(stderr, "driver: ");
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fprintf(stderr, "\n");
	for (size_t i = 0; i < n_runs; i++)
		if (runs[i]->running)
			kill(-runs[i]->pid, SIGKILL);
	if (tracer.pid > 0)
		kill(tracer.pid, SIGTERM);
	exit(1);
}

/* ---- the loop */

static int timeout_ms(uint64_t nearest_ns)
{
	uint64_t now = now_ns();

	if (nearest_ns == UINT64_MAX)
		return -1;
	return nearest_ns <= now ? 0 : (int)((nearest_ns - now) / 1000000 + 1);
}

static void serve(struct run *run, struct pollfd *fds)
{
	if (fds[0].revents)
		read_lines(&run->out, take_case_line, run);
	if (fds[1].revents)
		read_lines(&run->err, take_case_error, run);
	if (now_ns() > run->deadline_ns)
		run->timed_out = true;
	if (fds[2].revents || run->timed_out)
		end_case(run);
}

static void wake(const struct run *run)
{
	if (write(run->to, "\n", 1) != 1 && errno != EPIPE)
		die("writing to %s failed: %s", run->name, strerror(errno));
}

/* What became possible by the events and the sentinels that came. */
static void advance(struct run *run)
{
	if (run->running && run->settle_port && tracer.reached_port >= run->settle_port) {
		run->settle_port = 0;
		wake(run);
	}
	if (run->running && run->awaits && has_event(run)) {
		run->awaits = false;
		wake(run);
	}
	if (run->end_port && !run->judged && tracer.reached_port >= run->end_port)
		judge(run);
}

/* One turn of the loop; deadline_ns is the caller's, besides those of the cases and the sentinels.
 */
static void turn(uint64_t deadline_ns)
{
	struct pollfd fds[1 + 3 * MAX_ACTIVE] = { { tracer.closed ? -1 : tracer.out.fd, POLLIN,
						    0 } };
	struct run *active[MAX_ACTIVE];
	uint64_t nearest = deadline_ns;
	size_t n = 0;

	for (size_t i = 0; i < n_runs && n < MAX_ACTIVE; i++) {
		if (!runs[i]->running)
			continue;
		fds[1 + 3 * n] = (struct pollfd){ runs[i]->out.fd, POLLIN, 0 };
		fds[2 + 3 * n] = (struct pollfd){ runs[i]->err.fd, POLLIN, 0 };
		fds[3 + 3 * n] = (struct pollfd){ runs[i]->pidfd, POLLIN, 0 };
		nearest = runs[i]->deadline_ns < nearest ? runs[i]->deadline_ns : nearest;
		active[n++] = runs[i];
	}
	if (tracer.late_ns && tracer.late_ns < nearest)
		nearest = tracer.late_ns;
	if (poll(fds, 1 + 3 * n, timeout_ms(nearest)) < 0 && errno != EINTR)
		die("poll failed: %s", strerror(errno));
	if (fds[0].revents && !read_lines(&tracer.out, take_event, NULL))
		tracer.closed = true;
	for (size_t i = 0; i < n; i++)
		serve(active[i], &fds[1 + 3 * i]);
	for (size_t i = 0; i < n_runs; i++)
		advance(runs[i]);
	if (tracer.late_ns && now_ns() > tracer.late_ns)
		die("the tracer did not print the driver's own refused bind within %d s",
		    TRACER_LAG_S);
}

static void finish(struct run *run)
{
	while (!run->judged) {
		if (tracer.closed)
			die("the tracer ended while %s ran", run->name);
		turn(UINT64_MAX);
	}
}

/* ---- from the start to the end */

static bool selected(const char *name)
{
	for (size_t i = 0; i < options.n_only; i++)
		if (!strcmp(options.only[i], name))
			return true;
	return !options.n_only;
}

static int is_case(const struct dirent *entry)
{
	static const char *const rooms[] = { "tcp_",	"udp_", "unix_",   "gate_",  "range_",
					     "ping_",	"raw_", "sctp_",   "uring_", "kernel_",
					     "compat_", "ctl_", BACKGROUND };

	for (size_t i = 0; i < sizeof(rooms) / sizeof(rooms[0]); i++)
		if (!strncmp(entry->d_name, rooms[i], strlen(rooms[i])))
			return !strchr(entry->d_name, '.') && selected(entry->d_name);
	return 0;
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static void find_cases(void)
{
	struct dirent **names;
	int n = scandir(options.dir, &names, is_case, by_name);

	if (n < 0)
		die("cannot read the directory %s: %s", options.dir, strerror(errno));
	if (n == 0)
		die("there is no such case in %s", options.dir);
	runs = calloc((size_t)n, sizeof(*runs));
	for (int i = 0; runs && i < n; i++) {
		struct run *run = calloc(1, sizeof(*run));

		if (!run)
			die("out of memory");
		run->name = strdup(names[i]->d_name);
		runs[n_runs++] = run;
		free(names[i]);
	}
	free(names);
}

static void stop_tracer(void)
{
	uint64_t deadline = in_s(TRACER_STOP_S);
	const char *wrong;
	int status;

	kill(tracer.pid, SIGINT);
	while (!tracer.closed) {
		if (now_ns() > deadline)
			die("the tracer did not end within %d s of SIGINT", TRACER_STOP_S);
		turn(deadline);
	}
	if (waitpid(tracer.pid, &status, 0) != tracer.pid)
		die("waitpid failed: %s", strerror(errno));
	tracer.pid = 0;
	wrong = check_end(status);
	if (!wrong) {
		printf("ok footer\n");
		passed++;
		return;
	}
	printf("FAIL footer: %s\n  footer   %s\n  failure lines %llu, exit status %d\n", wrong,
	       json(tracer.footer), (unsigned long long)tracer.failures, WEXITSTATUS(status));
	failed++;
}

static int usage(void)
{
	fprintf(stderr, "usage: driver [--tracer PATH] [--attach RUNG] [--tolerance-ms N] "
			"[--may-skip | --may-overcount] "
			"[--only NAME]... CASE_DIR\n");
	return 2;
}

static bool parse_options(int argc, char **argv)
{
	static const struct option known[] = {
		{ "tracer", required_argument, NULL, 't' },
		{ "attach", required_argument, NULL, 'a' },
		{ "tolerance-ms", required_argument, NULL, 'm' },
		{ "may-skip", no_argument, NULL, 's' },
		{ "may-overcount", no_argument, NULL, 'c' },
		{ "only", required_argument, NULL, 'o' },
		{ 0 },
	};
	char *end = NULL;
	int o;

	while ((o = getopt_long(argc, argv, "", known, NULL)) != -1) {
		if (o == 't')
			options.tracer = optarg;
		else if (o == 'a')
			options.attach = optarg;
		else if (o == 'm')
			options.tolerance_ms = strtol(optarg, &end, 10);
		else if (o == 's')
			options.may_skip = true;
		else if (o == 'c')
			options.may_overcount = true;
		else if (o == 'o' && options.n_only < MAX_ONLY)
			options.only[options.n_only++] = optarg;
		else
			return false;
	}
	if (optind != argc - 1 || (end && *end) || options.tolerance_ms < 0)
		return false;
	options.dir = argv[optind];
	return true;
}

static void wait_for_header(void)
{
	uint64_t deadline = in_s(TRACER_START_S);

	while (!tracer.header) {
		if (tracer.closed)
			die("the tracer ended before its header line");
		if (now_ns() > deadline)
			die("the tracer printed no header line within %d s", TRACER_START_S);
		turn(deadline);
	}
}

int main(int argc, char **argv)
{
	if (!parse_options(argc, argv))
		return usage();
	signal(SIGPIPE, SIG_IGN);
	setvbuf(stdout, NULL, _IOLBF, 0);
	find_cases();
	start_tracer();
	wait_for_header();
	for (size_t i = 0; i < n_runs; i++)
		if (in_background(runs[i]))
			start_case(runs[i]);
	for (size_t i = 0; i < n_runs; i++) {
		if (in_background(runs[i]))
			continue;
		start_case(runs[i]);
		finish(runs[i]);
	}
	for (size_t i = 0; i < n_runs; i++)
		finish(runs[i]);
	stop_tracer();
	check_replay();
	printf("%u passed, %u failed, %u skipped\n", passed, failed, skipped);
	return failed ? 1 : 0;
}
