// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* What a line says against what is so. What it does not say is no lie; what must be known by then has to be said. */
#include <json-c/json.h>
#include <stdarg.h>

#include "soak.h"

enum { MOST_SHOWN = 10, MOST_INCIDENTS = 1 << 20 };

/* The truth of the first line of each incident, by its number. */
static const struct truth *incidents[MOST_INCIDENTS];

static const char *judged; /* the line, for the one who looks into it */

__attribute__((format(printf, 1, 2))) static void wrong(const char *format, ...)
{
	char why[160];
	va_list args;

	va_start(args, format);
	vsnprintf(why, sizeof(why), format, args);
	va_end(args);
	trouble("%s", why);
	if (++shared->wrong <= MOST_SHOWN)
		printf("   WRONG %s\n   %s\n", why, judged);
}

/* Is it one of those between '|'? */
static bool is_one_of(const char *word, const char *choices)
{
	size_t n = strlen(word);

	for (const char *at = choices; at && n; at = strchr(at, '|')) {
		at += *at == '|';
		if (!strncmp(at, word, n) && (!at[n] || at[n] == '|'))
			return true;
	}
	return false;
}

static void judge_person(struct json_object *holder, const char *key, const pid_t *right,
			 _Atomic uint64_t *unknown)
{
	long long pid = json_number(holder, key);

	if (pid < 0)
		atomic_fetch_add(unknown, 1);
	else if (!has_pid(right, (pid_t)pid))
		wrong("false %s: %lld", key, pid);
}

static void judge_processes(struct json_object *holder, const struct truth *t)
{
	struct json_object *list = json_member(holder, "processes");
	size_t n = list ? json_object_array_length(list) : 0, expected = 0;

	for (size_t i = 0; i < n; i++) {
		long long pid = json_number(json_object_array_get_idx(list, i), "pid");

		if (!has_pid(t->holders, (pid_t)pid))
			wrong("false holder: %lld", pid);
	}
	while (expected < MAX_PIDS && t->holders[expected])
		expected++;
	/* that the first line is there is what they have waited for */
	if (t->lasting && !t->lines && n != expected)
		wrong("%zu holders of %zu", n, expected);
}

static void judge_holder(struct json_object *holder, const struct truth *t)
{
	const pid_t closer[MAX_PIDS] = { t->closer };

	judge_processes(holder, t);
	if (!is_one_of(json_text(holder, "state"), t->state))
		wrong("a holder in state %s", json_text(holder, "state"));
	if (!strcmp(t->protocol, "tcp") && t->closer)
		judge_person(holder, "time_wait.closed_by.pid", closer, &shared->closers_unknown);
	else if (!strcmp(json_text(holder, "role"), "listener"))
		judge_person(holder, "bound_by.pid", t->makers, &shared->openers_unknown);
	if (json_member(holder, "open_at_start"))
		wrong("a socket that is said to be older than the tracer");
}

static void judge_asker(struct json_object *line, const struct truth *t)
{
	if (json_number(line, "process.pid") != t->asker)
		wrong("asker %lld, not %d", json_number(line, "process.pid"), (int)t->asker);
	if (json_number(line, "process.netns") != t->netns)
		wrong("another network namespace");
	if (json_number(line, "errno_number") != t->error)
		wrong("errno is %d", t->error);
	if (strcmp(json_text(line, "protocol"), t->protocol))
		wrong("the protocol is %s", t->protocol);
	if (strcmp(json_text(line, "address"), t->address))
		wrong("the address is %s", t->address);
	if (t->port && json_number(line, "port") != t->port)
		wrong("the port is %u", t->port);
}

/* It is said that a preemptible kernel did not let it see more than the error. */
static bool was_skipped(struct json_object *line)
{
	return !strcmp(json_text(line, "reason"), "other") &&
	       strstr(json_text(line, "summary"), "preemptible");
}

static void judge_failure(struct json_object *line, struct truth *t)
{
	struct json_object *holders = json_member(line, "holders");
	size_t n = holders ? json_object_array_length(holders) : 0;
	bool anybody = t->holders[0] || t->closer;
	long long incident = json_number(line, "repeat.incident");

	judge_asker(line, t);
	if (incident >= 0 && incident < MOST_INCIDENTS && !incidents[incident])
		incidents[incident] = t;
	if (was_skipped(line)) {
		shared->skipped++;
		return;
	}
	if (!is_one_of(json_text(line, "reason"), t->reasons))
		wrong("the reason is %s", t->reasons);
	if (n && !anybody)
		wrong("a holder where there is none");
	if (t->lasting && !t->lines && anybody && n != 1)
		wrong("%zu holders on the port, there is 1", n);
	for (size_t i = 0; i < n; i++)
		judge_holder(json_object_array_get_idx(holders, i), t);
}

/* Somebody got what had been refused, where it had been: it is one who tried to. */
static void judge_resolved(struct json_object *line)
{
	long long pid = json_number(line, "process.pid"), incident = json_number(line, "incident");
	const struct truth *refused =
		incident >= 0 && incident < MOST_INCIDENTS ? incidents[incident] : NULL;
	struct truth *t = truth_named(json_text(line, "process.comm"));

	if (!t || (!has_pid(t->makers, (pid_t)pid) && t->asker != pid))
		wrong("resolved by somebody who did not get it");
	else if (json_number(line, "port") != t->port || json_number(line, "netns") != t->netns)
		wrong("resolved, but this is not what was got");
	else if (!refused ? !shared->lost : refused->place != t->place || refused->port != t->port)
		wrong("resolved where it was not refused");
}

void judge(struct json_object *line, const char *text)
{
	const char *kind = json_text(line, "kind");
	bool failure = !strcmp(kind, "failure"), folded = !strcmp(kind, "folded"),
	     resolved = !strcmp(kind, "resolved");
	long long adds = json_number(line, resolved ? "adds" : "repeat.adds");
	struct truth *t = NULL;

	judged = text;
	if (failure || folded)
		t = truth_named(json_text(line, "process.comm"));
	if (failure && !t)
		wrong("a refusal of somebody who did not ask");
	else if (failure)
		judge_failure(line, t);
	else if (t && json_number(line, "process.pid") != t->asker)
		wrong("folded: another asker");
	else if (resolved)
		judge_resolved(line);
	if ((failure || folded || resolved) && adds < 0)
		wrong("how many it adds is not said");
	else if (failure || folded || resolved)
		shared->told += (uint64_t)adds;
	if (folded && !t)
		shared->nameless += (uint64_t)adds;
	shared->lines++;
	if (t)
		note_told(t, (uint64_t)adds);
}
