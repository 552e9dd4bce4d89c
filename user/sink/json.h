/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * JSON Lines, bindtrace/1 (docs/events.md). Each function writes one whole line by one write() and
 * returns 0 or -errno: -EPIPE when the reader is gone, -ENOMEM. The caller ignores SIGPIPE.
 */
#ifndef BT_SINK_JSON_H
#define BT_SINK_JSON_H

#include "base/clock.h"
#include "model/answer.h"
#include "model/event.h"
#include "model/host.h"
#include "model/incident.h"
#include "model/totals.h"

/* When a line that is no event was written: clock_boottime_ns() and what it is in wall time. */
struct json_moment {
	uint64_t seq; /* of the line in its stream */
	uint64_t boottime_ns;
	uint64_t realtime_ns;
};

/* The first line of a stream. argv is the tracer's own command line, version its release. */
int json_header(int fd, const struct json_moment *m, const struct host_facts *h,
		const struct coverage *c, const char *version, int argc, char *const argv[]);

/* A refusal (kind "failure") or, for BT_KIND_BOUND, a success (kind "bound"). */
int json_event(int fd, const struct event *e, const struct host_facts *h, const struct coverage *c);

/* Refusals like one that was printed; of.key.pid 0: nobody knows like which. */
int json_folded(int fd, const struct json_moment *m, const struct host_facts *h,
		const struct folded *of, const struct repeat *repeat);

/* Somebody got what had been refused. */
int json_resolved(int fd, const struct json_moment *m, const struct host_facts *h,
		  const struct resolution *story, const struct process *who);

/* What came out of `bindtrace check`. */
int json_check(int fd, const struct json_moment *m, const struct host_facts *h,
	       const struct answer *a);

/* Refusals that were lost since the last such line; stage is "ring_buffer", "queue" or "export". */
int json_lost(int fd, const struct json_moment *m, const struct host_facts *h, const char *stage,
	      uint64_t count);

/* What happened to the clocks since the line before. */
int json_clock(int fd, const struct json_moment *m, const struct host_facts *h,
	       const struct clock_change *change);

/* The last line of a clean end. */
int json_footer(int fd, const struct json_moment *m, const struct host_facts *h,
		const struct totals *t);

/* The last line of a file whose recording goes on in another one. */
int json_continued(int fd, const struct json_moment *m, const struct host_facts *h);

/* Lines that could not be recorded since the last such line, and how many refusals they told of. */
int json_unwritten(int fd, const struct json_moment *m, const struct host_facts *h,
		   uint64_t refusals, uint64_t lines);

#endif /* BT_SINK_JSON_H */
