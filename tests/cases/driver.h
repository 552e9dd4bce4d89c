/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The driver's rooms: driver.c (the loop), driver_pipe.c, driver_tracer.c, driver_replay.c,
 * driver_case.c, driver_judge.c. */
#ifndef CASES_DRIVER_H
#define CASES_DRIVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "match.h"

enum {
	CASE_TIMEOUT_S = 20,
	FREES_AT_TIMEOUT_S = 90,
	TRACER_START_S = 60,
	TRACER_LAG_S = 30, /* between a refusal and its line, on a slow machine */
	TRACER_STOP_S = 30,
	MAX_PIDS = 32,
	MAX_ONLY = 16,
};

#define BACKGROUND "frees_at" /* cases of this name run beside all others */

/* Lines of text out of a pipe. */
struct lines {
	int fd;
	char *text;
	size_t len, size;
};

struct list { /* of JSON objects */
	struct json_object **items;
	size_t n, size;
};

struct run {
	char *name;
	pid_t pid;
	int pidfd, to; /* to: its stdin */
	struct lines out, err;
	uint64_t deadline_ns;
	unsigned settle_port; /* the sentinel it waits for; 0: none */
	unsigned end_port;    /* the sentinel made after it ended */
	int status;
	bool running, timed_out, judged, quiet, more;
	bool awaits; /* it waits on stdin for an event of its own */
	pid_t pids[MAX_PIDS];
	size_t n_pids;
	size_t first_event; /* events before it are not its */
	struct list expected;
	struct json_object *freed;
	char unseen[64];      /* words of coverage.missing: this case was told without them */
	char last_words[256]; /* the last line of stdout that is no JSON */
};

struct options {
	const char *tracer, *attach, *dir;
	const char *only[MAX_ONLY];
	size_t n_only;
	long tolerance_ms;
	bool may_skip; /* a preemptible kernel may skip programs of this rung, and the tracer says so */
	bool may_overcount; /* ... of anybody's calls: what it calls lost need not have been refusals of ours */
};

struct tracer {
	pid_t pid;
	struct lines out;
	bool header, closed;
	char rung[16];	   /* as its header says */
	char missing[256]; /* likewise: a JSON array of what it does not see */
	struct json_object *footer;
	uint64_t failures, lost;
	uint64_t
		skipped; /* events that did not come, where options.may_skip: lost, or ends_missed, must count them */
	uint64_t
		filtered; /* ... of seccomp, where the kernel may skip programs: filters_missed must count them */
	unsigned next_port, reached_port; /* of the sentinels: to be made, last to come back */
	uint64_t late_ns; /* when a sentinel that is under way is late; 0: none is under way */
};

extern struct options options;
extern struct tracer tracer;
extern struct list events; /* kind failure, in their order; NULL where already matched */
extern unsigned passed, failed, skipped;

/* driver.c: ends everything with one sentence on stderr */
__attribute__((noreturn, format(printf, 1, 2))) void die(const char *fmt, ...);

/* driver_pipe.c */
uint64_t now_ns(void);
uint64_t in_s(uint64_t s);
void add(struct list *list, struct json_object *object);
/* Reads what is there and hands it on line by line; false at the end of the stream. */
bool read_lines(struct lines *l, void (*take)(char *line, void *arg), void *arg);
const char *json(struct json_object *o);

/* driver_tracer.c */
/* Is the member at this path (names joined by '.') this word? */
bool is(struct json_object *object, const char *path, const char *word);
void start_tracer(void);
void take_event(char *line, void *arg);
/* A second bind() of one socket: refused with EINVAL, and nothing is ever on that port. */
unsigned make_sentinel(void);
/* What is wrong with the tracer's own closing account, NULL if nothing is. */
const char *check_end(int status);

/* driver_replay.c: what the tracer says must be what is told of its lines later */
int keep_text(void); /* the file where its text goes */
void keep_line(const char *line);
/* When it has ended; prints a line. */
void check_replay(void);

/* driver_case.c */
void start_case(struct run *run);
void take_case_line(char *line, void *arg);
void take_case_error(char *line, void *arg);
/* Whatever the case left behind is killed with it. */
void end_case(struct run *run);
bool in_background(const struct run *run);

/* driver_judge.c: has an event of its own come? */
bool has_event(const struct run *run);
/* Prints the case's line. */
void judge(struct run *run);

#endif /* CASES_DRIVER_H */
