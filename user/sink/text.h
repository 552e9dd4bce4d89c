/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Reports for people. Each function writes its lines by one write() and returns 0 or -errno (-EPIPE
 * when the reader is gone; the caller ignores SIGPIPE). Bytes that a task chose are escaped.
 */
#ifndef BT_SINK_TEXT_H
#define BT_SINK_TEXT_H

#include "base/clock.h"
#include "base/text.h"
#include "bpf/abi.h"
#include "model/answer.h"
#include "model/event.h"
#include "model/incident.h"
#include "model/story.h"
#include "model/totals.h"

struct text_options {
	bool color;	 /* SGR escapes */
	bool timestamps; /* date and time in UTC, to the nanosecond, instead of the local time of day */
	bool wide;	 /* command lines and cgroups in full */
	int verbose; /* 1: every holder the event has, why each is in the way, more of the asker */
};

/*
 * One line: how it is watched, and that this machine does not let the tracer see everything; with verbose, rows "gaps"
 * below it, one for each thing that cannot be seen.
 */
int text_header(int fd, const struct text_options *o, const struct coverage *c);

/* The report of a refusal; a line for a success (BT_KIND_BOUND). */
int text_event(int fd, const struct text_options *o, const struct event *e);

/* A line for refusals like one that was reported; the last was at realtime_ns. */
int text_folded(int fd, const struct text_options *o, const struct folded *of,
		const struct repeat *repeat, uint64_t realtime_ns);

/* A line: somebody got what had been refused. */
int text_resolved(int fd, const struct text_options *o, const struct resolution *story,
		  const struct process *who, uint64_t realtime_ns);

/* A trial that was refused, and the tracer saw nothing of it: what the error alone says. */
int text_untraced(int fd, const struct text_options *o, const struct answer *a);

/* "tcp 127.0.0.1:8000", "unix /run/x.sock", safe for a terminal */
void text_add_endpoint(struct text *t, const struct answer *a);

/* Who is in the way, in some words: "TIME_WAIT, closed by python3[4188], frees in 41.3 s" */
void text_add_obstacle(struct text *t, const struct event *e, uint64_t boottime_ns);

/* A line or two: by how much what was told above is off by now. */
int text_clock(int fd, const struct text_options *o, const struct clock_change *change,
	       uint64_t realtime_ns);

/* The last line: the numbers add up. With verbose, the reasons in a second one. */
int text_footer(int fd, const struct text_options *o, const struct totals *t);

/* The end of a report: the incidents, what was refused most, and what could not be seen. */
int text_summary(int fd, const struct text_options *o, const struct story_book *b);

#endif /* BT_SINK_TEXT_H */
