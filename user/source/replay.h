/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A recording as a source: the lines of bindtrace/1 back into what the sinks were given when they were written.
 * Nothing is believed of a line but that it is a JSON object: keys that are not known are skipped, keys that are
 * missing leave their fact unknown, and a known key whose value is of another type or out of its range is the
 * answer -EBADMSG, with *wrong naming it. Text that is too long for its place is cut, a list too long ends early.
 */
#ifndef BT_SOURCE_REPLAY_H
#define BT_SOURCE_REPLAY_H

#include "base/clock.h"
#include "base/value.h"
#include "model/event.h"
#include "model/host.h"
#include "model/incident.h"
#include "model/story.h"
#include "model/totals.h"

/* What begins every line. */
struct replay_line {
	char kind[16];
	char host[65];
	uint64_t seq;
	uint64_t boottime_ns;
	uint64_t realtime_ns; /* 0: not known */
};

/* What begins every line, whatever its kind. */
int replay_line(struct replay_line *line, const struct value *o, const char **wrong);

/* A line of kind "failure" or "bound". What only a live event has, kernel addresses above all, is 0. */
int replay_event(struct event *e, const struct value *o, const char **wrong);

/* "header": what the tracer could see. */
int replay_coverage(struct coverage *c, const struct value *o, const char **wrong);

/* "header": kernel, machine and bindtrace's version; the rest of *from is 0. */
int replay_origin(struct story_origin *from, const struct value *o, const char **wrong);

/* "folded": refusals like one that was told; with key.pid 0 nobody knows like which. */
int replay_folded(struct folded *of, struct repeat *repeat, const struct value *o,
		  const char **wrong);

/* "resolved": what had been refused, and who got it. */
int replay_resolved(struct resolution *story, struct process *who, const struct value *o,
		    const char **wrong);

/* "lost": how many refusals; *unwritten: not by the tracer, but by its recording, which had no room for their lines. */
int replay_lost(uint64_t *count, bool *unwritten, const struct value *o, const char **wrong);

/* "clock" */
int replay_clock(struct clock_change *change, const struct value *o, const char **wrong);

/* "footer"; *goes_on: the recording goes on in another file, and there are no totals. */
int replay_totals(struct totals *t, bool *goes_on, const struct value *o, const char **wrong);

#endif /* BT_SOURCE_REPLAY_H */
