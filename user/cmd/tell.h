/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What a report says, as JSON, as text, or as both: one function a kind of line. What goes wrong with the output is
 * remembered in the report.
 */
#ifndef BT_CMD_TELL_H
#define BT_CMD_TELL_H

#include "base/clock.h"
#include "cmd/report.h"
#include "source/bpf.h"

/* What is watched; needs coverage and host. */
void tell_begin(struct report *r);

/* A refusal or a success, in full; of a refusal, repeat.adds is known. */
void tell_event(struct report *r, struct event *e);

/* One like those that were told: JSON has all of it, text a line. */
void tell_event_again(struct report *r, struct event *e, const struct folded *of);

/* Refusals like one that was told, the last known of at that time. */
void tell_folded(struct report *r, const struct folded *of, const struct repeat *repeat,
		 uint64_t boottime_ns);

/* At the end: so many of which no line has told, and nobody knows of which kind they were. 0: says nothing. */
void tell_rest(struct report *r, uint64_t refusals);

/* The success e has ended a story. */
void tell_resolved(struct report *r, struct event *e, const struct resolution *story);

/* So many refusals were lost since the beginning; says how many since it was last said. */
void tell_lost(struct report *r, uint64_t lost);

/* The clock was set, or the machine slept: what was foretold is off by so much. */
void tell_clock(struct report *r, const struct clock_change *change);

/* What was missed besides refusals; people only. */
void tell_missed(const struct report *r, const struct bpf_counts *counts);

/* The totals. */
void tell_end(struct report *r);

#endif /* BT_CMD_TELL_H */
