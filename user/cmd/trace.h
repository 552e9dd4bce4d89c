/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A trace that runs: what it waits for, for the command's own files. */
#ifndef BT_TRACE_H
#define BT_TRACE_H

#include "cmd/clocks.h"
#include "cmd/program.h"
#include "cmd/report.h"
#include "source/probe.h"

/* What ended the loop. */
enum ending { ENDED, READER_GONE };

struct trace {
	const struct options *o;
	struct capabilities caps;
	struct report report;
	struct program program;
	bool running;	/* the program of -- CMD has been let go */
	bool signalled; /* ... and has had signals since */
	int reader;	/* who reads the reports */
	int epoll, signals, tick, deadline;
	struct clocks clocks;
};

/* Has the loop wait for a descriptor, by EPOLL* events. 0 or -errno. */
int trace_watch(struct trace *t, int fd, uint32_t events);

/* Signals become readable; a reader that closes its end of a pipe is noticed at once (a file cannot). 0 or -errno. */
int trace_prepare(struct trace *t);

/* Until a signal, the deadline, the program's end or an error (t->report.err). */
enum ending trace_loop(struct trace *t);

/* The program goes on when there is nothing more to report: its end is bindtrace's. Its exit status. */
int trace_await_program(struct trace *t);

#endif /* BT_TRACE_H */
