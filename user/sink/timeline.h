/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Where things stand in the picture of an incident. Pure: the same story gives the same picture. */
#ifndef BT_SINK_TIMELINE_H
#define BT_SINK_TIMELINE_H

#include <stdbool.h>
#include <stdint.h>

#include "model/story.h"

/* The picture's own units; its labels are of a font of fixed width. */
enum { TIMELINE_WIDTH = 860, TIMELINE_LEFT = 48, TIMELINE_RIGHT = 812, TIMELINE_COLUMNS = 117 };

struct timeline {
	uint64_t from_ns, to_ns;	     /* the window: never empty */
	uint64_t recorded_from, recorded_to; /* of the story's host; 0: not known */
	uint64_t step_ns;		     /* between the marks of the axis */
	uint64_t first_mark_ns;
};

/* The window in which all of the incident is, and what belongs to it as far as it is not far away. */
void timeline_fit(struct timeline *t, const struct story *s, const struct story_origin *o);

/* Where an instant is drawn; what is outside of the window is drawn at its edge. */
double timeline_x(const struct timeline *t, uint64_t ns);

/* What is known of a bar, from left to right; each ends where the next begins. All within the window. */
struct timeline_bar {
	uint64_t maybe_from; /* it was there at known_from; from here on it may have been */
	uint64_t known_from;
	uint64_t known_to;
	uint64_t expected_to; /* after the end of the recording: TIME_WAIT ends by itself */
	uint64_t maybe_to;
	bool earlier, later; /* it goes on beyond the window */
};

void timeline_bar(struct timeline_bar *out, const struct timeline *t, const struct story *s,
		  const struct story_bar *b);

#endif /* BT_SINK_TIMELINE_H */
