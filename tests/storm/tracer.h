/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* bindtrace as a child process whose output is read line by line. */
#ifndef STORM_TRACER_H
#define STORM_TRACER_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

struct json_object;

struct tracer {
	pid_t pid;
	FILE *out;
	char *line; /* the last one read, without its newline */
	size_t size;
	size_t length;		  /* of the line: a NUL byte in it would show */
	uint64_t cpu_ms, peak_kb; /* what it took; set by tracer_wait() */
};

/*
 * Starts argv[0], told to look at this process's network namespace only, and waits for its first line.
 * argv ends with NULL; at most 15 arguments. false: it printed none.
 */
bool tracer_start(struct tracer *t, const char *const *argv);

/* The same for all network namespaces. */
bool tracer_start_everywhere(struct tracer *t, const char *const *argv);

/* The next line, NULL at the end of its output. */
char *tracer_line(struct tracer *t);

/* Waits for its end: its exit status, or 128 + the signal that ended it. */
int tracer_wait(struct tracer *t);

/* Remembers the first thing that is wrong. */
__attribute__((format(printf, 1, 2))) void trouble(const char *format, ...);
bool in_trouble(void);

/* "ok name", or "FAIL name" with the trouble, which is then forgotten; 1 when there was one. */
int report(const char *name);

/* Ends this program with "FAIL name: why" when it is still there after so many seconds. */
void tracer_deadline(unsigned seconds, const char *name);

/* Members of members, "process.pid"; NULL when there is none. */
struct json_object *json_member(struct json_object *root, const char *path);
long long json_number(struct json_object *root, const char *path); /* -1 when there is none */
const char *json_text(struct json_object *root, const char *path); /* "" when there is none */

#endif /* STORM_TRACER_H */
