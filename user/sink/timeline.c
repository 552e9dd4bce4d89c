// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "sink/timeline.h"

#define MS     1000000ull
#define SECOND (1000 * MS)

/* A TIME_WAIT lasts a minute and a bit; who waits for it wants to see its end. */
#define CLOSING_NEAR (150 * SECOND)
#define SHORTEST     (10 * MS)

static uint64_t min(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static uint64_t max(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

static uint64_t clamp(const struct timeline *t, uint64_t ns)
{
	return min(max(ns, t->from_ns), t->to_ns);
}

/* A step that people count in, at most eight to the window. */
static void choose_marks(struct timeline *t)
{
	static const uint64_t ms[] = { 1,	 2,	   5,	    10,	     20,      50,
				       100,	 200,	   500,	    1000,    2000,    5000,
				       10000,	 15000,	   30000,   60000,   120000,  300000,
				       600000,	 900000,   1800000, 3600000, 7200000, 10800000,
				       21600000, 43200000, 86400000 };
	uint64_t least = (t->to_ns - t->from_ns) / 8;
	unsigned i = 0;

	while (i + 1 < sizeof(ms) / sizeof(*ms) && ms[i] * MS < least)
		i++;
	t->step_ns = ms[i] * MS;
	if (t->step_ns < least)
		t->step_ns *= least / t->step_ns + 1;
	t->first_mark_ns = (t->from_ns + t->step_ns - 1) / t->step_ns * t->step_ns;
}

static void widen(struct timeline *t, const struct story *s, const struct story_bar *b)
{
	uint64_t span = story_end_ns(s) - s->first_ns;
	uint64_t near = b->frees_ns ? CLOSING_NEAR : max(2 * span, SECOND);

	if (b->from_ns && b->from_ns < s->first_ns && s->first_ns - b->from_ns <= near)
		t->from_ns = min(t->from_ns, b->from_ns);
	if (!story_bar_left(b) && b->frees_ns > story_end_ns(s) && b->frees_ns - story_end_ns(s) <= near)
		t->to_ns = max(t->to_ns, b->frees_ns);
}

void timeline_fit(struct timeline *t, const struct story *s, const struct story_origin *o)
{
	const struct story_detail *d = s->detail;
	uint64_t margin;

	*t = (struct timeline){ .from_ns = s->first_ns, .to_ns = story_end_ns(s) };
	if (o) {
		t->recorded_from = o->first_ns;
		t->recorded_to = o->last_ns;
	}
	for (unsigned i = 0; i < d->n_bars; i++)
		widen(t, s, &d->bars[i]);
	margin = max((t->to_ns - t->from_ns) / 20, SHORTEST);
	t->from_ns -= min(margin, t->from_ns);
	t->to_ns += min(margin, UINT64_MAX - t->to_ns);
	choose_marks(t);
}

double timeline_x(const struct timeline *t, uint64_t ns)
{
	double part = (double)(clamp(t, ns) - t->from_ns) / (double)(t->to_ns - t->from_ns);

	return TIMELINE_LEFT + part * (TIMELINE_RIGHT - TIMELINE_LEFT);
}

/* Nobody saw it end: until it is known to be gone, or the incident ended, it may have been there. */
static void lasting(struct timeline_bar *out, const struct story *s, const struct story_bar *b)
{
	out->known_to = out->expected_to = b->last_ns;
	out->maybe_to = story_bar_left(b) ? b->gone_ns : max(story_end_ns(s), b->last_ns);
}

/* It ends by itself, and when is known: what comes after the recording is a forecast. */
static void closing(struct timeline_bar *out, const struct timeline *t, const struct story_bar *b)
{
	out->known_to = b->frees_ns;
	if (t->recorded_to)
		out->known_to = max(min(b->frees_ns, t->recorded_to), b->last_ns);
	out->expected_to = out->maybe_to = max(b->frees_ns, out->known_to);
}

void timeline_bar(struct timeline_bar *out, const struct timeline *t, const struct story *s,
		  const struct story_bar *b)
{
	*out = (struct timeline_bar){ .known_from = b->from_ns ? min(b->from_ns, b->first_ns)
							       : b->first_ns };
	out->maybe_from = b->from_ns ? out->known_from : min(t->from_ns, out->known_from);
	if (b->frees_ns && !story_bar_left(b))
		closing(out, t, b);
	else
		lasting(out, s, b);
	out->earlier = out->maybe_from < t->from_ns || !b->from_ns;
	out->later = out->maybe_to > t->to_ns || (b->frees_ns && b->frees_at_least && !story_bar_left(b));
	out->maybe_from = clamp(t, out->maybe_from);
	out->known_from = clamp(t, out->known_from);
	out->known_to = clamp(t, out->known_to);
	out->expected_to = clamp(t, out->expected_to);
	out->maybe_to = clamp(t, out->maybe_to);
}
