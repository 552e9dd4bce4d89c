/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The case's expectations against the events of its processes. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "driver.h"

enum { EXIT_SKIP = 77 };

/* The case itself, a helper it named, or a child of one of them. */
static bool owns(const struct run *run, struct json_object *event)
{
	int64_t pid = json_object_get_int64(member(event, "process.pid"));
	int64_t ppid = json_object_get_int64(member(event, "process.ppid"));

	for (size_t i = 0; i < run->n_pids; i++)
		if (run->pids[i] == pid || run->pids[i] == ppid)
			return true;
	return false;
}

bool has_event(const struct run *run)
{
	for (size_t i = run->first_event; i < events.n; i++)
		if (events.items[i] && owns(run, events.items[i]))
			return true;
	return false;
}

__attribute__((format(printf, 2, 3))) static void report_failure(struct run *run, const char *fmt,
                                                                 ...)
{
	va_list args;

	printf("FAIL %s: ", run->name);
	va_start(args, fmt);
	vprintf(fmt, args);
	va_end(args);
	printf("\n");
	failed++;
}

/* The moment the port was free against the event's forecast. */
static bool judge_freed(struct run *run, struct json_object *event)
{
	double freed = json_object_get_double(member(run->freed, "freed_boottime_ns"));
	double at = json_object_get_double(member(event, "boottime_ns"));
	double off_ms =
		(freed - at) / 1e6 - json_object_get_double(member(event, "frees_in_s")) * 1e3;
	bool at_least = json_object_get_boolean(member(run->freed, "at_least"));

	printf("note %s: the port was free %.1f ms after the moment foretold\n", run->name, off_ms);
	if (off_ms >= (double)-options.tolerance_ms &&
	    (at_least || off_ms <= (double)options.tolerance_ms))
		return true;
	report_failure(run,
	               "freed %.1f ms after the moment foretold, tolerated are %ld\n  event    %s",
	               off_ms, options.tolerance_ms, json(event));
	return false;
}

/*
 * Each expectation takes the first event of the case that matches; the reason printed is that of
 * the case's next event, which most likely was meant.
 */
static bool judge_expectation(struct run *run, struct json_object *want)
{
	struct why why = { "no event came" }, any;
	struct json_object *nearest = NULL;

	for (size_t i = run->first_event; i < events.n; i++) {
		struct json_object *event = events.items[i];

		if (!event || !owns(run, event))
			continue;
		if (match_event(want, event, nearest ? &any : &why)) {
			events.items[i] = NULL;
			if (run->freed && !judge_freed(run, event))
				return false;
			json_object_put(event);
			return true;
		}
		if (!nearest)
			nearest = event;
	}
	if (!nearest && (options.may_skip || options.may_overcount) &&
	    is(want, "reason", "seccomp_denied")) {
		printf("note %s: no event came; the footer must count the call's filter\n", run->name);
		tracer.filtered++;
		return true;
	}
	if (!nearest && options.may_skip) {
		printf("note %s: no event came; the footer must count it as lost\n", run->name);
		tracer.skipped++;
		return true;
	}
	report_failure(run, "%s\n  expected %s", why.text, json(want));
	if (nearest)
		printf("  event    %s\n", json(nearest));
	return false;
}

static bool judge_extra(struct run *run)
{
	for (size_t i = run->first_event; i < events.n; i++) {
		struct json_object *event = events.items[i];

		if (!event || !owns(run, event))
			continue;
		if (!run->more) {
			report_failure(run, "an event that was not expected\n  event    %s",
			               json(event));
			return false;
		}
		json_object_put(event);
		events.items[i] = NULL;
	}
	return true;
}

static bool ended_well(struct run *run)
{
	if (run->timed_out)
		report_failure(run, "it did not end in time and was killed");
	else if (WIFSIGNALED(run->status))
		report_failure(run, "killed by signal %d", WTERMSIG(run->status));
	else if (WEXITSTATUS(run->status))
		report_failure(run, "exit status %d: %s", WEXITSTATUS(run->status),
		               run->last_words);
	else if (!run->quiet && !run->expected.n)
		report_failure(run, "it said neither what to expect nor \"quiet\"");
	else
		return true;
	return false;
}

void judge(struct run *run)
{
	bool ok;

	run->judged = true;
	if (!run->timed_out && WIFEXITED(run->status) && WEXITSTATUS(run->status) == EXIT_SKIP) {
		printf("SKIP %s: %s\n", run->name, run->last_words);
		skipped++;
		return;
	}
	ok = ended_well(run);
	for (size_t i = 0; ok && i < run->expected.n; i++)
		ok = judge_expectation(run, run->expected.items[i]);
	ok = ok && judge_extra(run);
	if (ok) {
		printf(run->unseen[0] ? "ok %s (unseen: %s)\n" : "ok %s\n", run->name, run->unseen);
		passed++;
	}
}
