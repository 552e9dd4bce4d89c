/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Refusals on their way to the reader: told in full, or counted with an equal one; none of them twice. */
#ifndef BT_REFUSALS_H
#define BT_REFUSALS_H

#include "cmd/report.h"

/* Tells of a refusal that was looked into and judged, or counts it. alone: its face by its record alone. */
void refusals_tell(struct report *r, struct event *e, struct fold_face alone);

/* Counts one with what fold_told() found. */
void refusals_count(struct report *r, struct fold_entry *f, struct event *e);

/* The end of the stories of all who asked, at ns (boottime); their refusals together are the incident's. */
void refusals_end(struct report *r, struct resolution *story, uint64_t ns);

/* Looks up what the kernel side has folded meanwhile; true: something is still to be told. all: now. */
bool refusals_look(struct report *r, bool all);

#endif /* BT_REFUSALS_H */
