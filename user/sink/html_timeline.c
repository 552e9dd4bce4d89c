// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The picture of an incident: who was in the way when, when it was refused, and who got it. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "sink/html_parts.h"
#include "sink/timeline.h"

#define HOUR_NS 3600000000000ull

enum { ROW = 46, BAR_TOP = 19, BAR = 14, TOP = 4 };

/* A picture in the making; y is the top of the next row. */
struct picture {
	struct document *d;
	const struct story *s;
	struct timeline t;
	double y;
};

/* How many columns the character that begins here takes, at most; *n are its bytes. */
static unsigned columns_of(const char *s, size_t *n)
{
	*n = 1;
	if (!((unsigned char)*s & 0x80))
		return 1;
	while (((unsigned char)s[*n] & 0xc0) == 0x80)
		++*n;
	return 2;
}

/* Cuts the piece to so many columns, and says so. */
static unsigned fit(struct piece *p, unsigned columns)
{
	unsigned used = 0, wide;
	size_t at = 0, n, cut = 0;

	for (; p->buf[at]; at += n) {
		wide = columns_of(p->buf + at, &n);
		if (used + wide > columns) {
			p->t.len = cut;
			p->buf[cut] = '\0';
			p->t.cut = false;
			text_add(&p->t, "…");
			return columns;
		}
		used += wide;
		if (used < columns)
			cut = at + n;
	}
	return used;
}

/* The row's words: what it is, and at the right end when. */
static void add_label(struct picture *p, struct piece *what, struct piece *when)
{
	unsigned right = fit(when, TIMELINE_COLUMNS - 20);

	fit(what, TIMELINE_COLUMNS - right - 2);
	text_printf(&p->d->t, "<text x=\"0\" y=\"%.1f\">", p->y + 12);
	html_add(p->d, what);
	text_printf(&p->d->t,
		    "</text><text class=\"soft\" x=\"%d\" y=\"%.1f\" text-anchor=\"end\">",
		    TIMELINE_WIDTH, p->y + 12);
	html_add(p->d, when);
	text_add(&p->d->t, "</text>\n");
}

/* A part of a bar; nothing where it is empty. */
static void add_part(struct picture *p, const char *class, uint64_t from, uint64_t to, double least)
{
	double x = timeline_x(&p->t, from), width = timeline_x(&p->t, to) - x;

	if (from == to && least <= 0)
		return;
	text_printf(&p->d->t,
		    "<rect class=\"%s\" x=\"%.2f\" y=\"%.1f\" width=\"%.2f\" height=\"%d\" "
		    "data-from=\"%" PRIu64 "\" data-to=\"%" PRIu64 "\"/>",
		    class, x, p->y + BAR_TOP, fmax(width, least), BAR, from, to);
}

/* Arrows: it goes on beyond the window, or nobody knows since when. */
static void add_more(struct picture *p, const struct timeline_bar *b)
{
	double middle = p->y + BAR_TOP + BAR / 2.0;

	if (b->earlier)
		text_printf(&p->d->t, "<path class=\"more\" d=\"M%d %.1fl8 -6v12z\"/>",
			    TIMELINE_LEFT - 12, middle);
	if (b->later)
		text_printf(&p->d->t, "<path class=\"more\" d=\"M%d %.1fl-8 -6v12z\"/>",
			    TIMELINE_RIGHT + 12, middle);
}

static const char *color_of(enum bt_role role)
{
	switch (role) {
	case ROLE_TIME_WAIT:
	case ROLE_FIN_WAIT2:
		return "wait";
	case ROLE_ACCEPTED:
	case ROLE_OUTGOING:
	case ROLE_ORPHAN:
	case ROLE_ASSOCIATION:
		return "conn";
	default:
		return "listen";
	}
}

static void add_bar(struct picture *p, const struct story_bar *b)
{
	struct timeline_bar parts;
	struct piece what, when;
	double x;

	timeline_bar(&parts, &p->t, p->s, b);
	words_socket(piece_begin(&what), p->s, b);
	text_add(&what.t, "  ");
	words_owner(&what.t, b);
	text_add(piece_begin(&when), b->frees_ns && b->from_ns ? "closed "
				     : b->from_ns	       ? "from "
							       : "");
	words_from(&when.t, p->s, b);
	text_add(&when.t, ", ");
	words_until(&when.t, p->s, b);
	text_printf(&p->d->t, "<g class=\"%s bar\"><title>", color_of(b->role));
	html_add(p->d, &what);
	text_add(&p->d->t, ": ");
	html_add(p->d, &when);
	text_add(&p->d->t, "</title>");
	add_part(p, "maybe", parts.maybe_from, parts.known_from, 0);
	add_part(p, "known", parts.known_from, parts.known_to, 2);
	add_part(p, "expected", parts.known_to, parts.expected_to, 0);
	add_part(p, "maybe", parts.expected_to, parts.maybe_to, 0);
	add_more(p, &parts);
	if (b->frees_ns && !story_bar_left(b) && b->frees_ns <= p->t.to_ns) {
		x = timeline_x(&p->t, b->frees_ns);
		text_printf(&p->d->t, "<path class=\"end\" d=\"M%.2f %.1fv%d\"/>", x,
			    p->y + BAR_TOP - 3, BAR + 6);
	}
	text_add(&p->d->t, "</g>\n");
	add_label(p, &what, &when);
	p->y += ROW;
	document_flush(p->d);
}

static void add_tick(struct picture *p, const struct story_tick *tick)
{
	double x = timeline_x(&p->t, tick->at_ns), from = timeline_x(&p->t, tick->from_ns);

	text_printf(&p->d->t, "<g class=\"refused\" data-count=\"%" PRIu64 "\"><title>",
		    tick->count);
	words_count(&p->d->t, tick->count, "refusal");
	text_add(&p->d->t, tick->from_ns < tick->at_ns ? ", the last at " : " at ");
	words_time(&p->d->t, tick->at_ns, p->s->first_ns, 3);
	text_add(&p->d->t, "</title>");
	if (tick->from_ns < tick->at_ns)
		text_printf(
			&p->d->t,
			"<rect class=\"span\" x=\"%.2f\" y=\"%.1f\" width=\"%.2f\" height=\"%d\" "
			"data-from=\"%" PRIu64 "\" data-to=\"%" PRIu64 "\"/>",
			from, p->y + BAR_TOP, x - from, BAR, tick->from_ns, tick->at_ns);
	text_printf(&p->d->t,
		    "<path class=\"tick\" d=\"M%.2f %.1fv%d\" data-at=\"%" PRIu64 "\"/></g>\n", x,
		    p->y + BAR_TOP - 1, BAR + 2, tick->at_ns);
	document_flush(p->d);
}

static void add_refusals(struct picture *p)
{
	const struct story_detail *d = p->s->detail;
	struct piece what, when;

	text_add(piece_begin(&what), "refused ");
	words_times(&what.t, p->s->refusals);
	if (p->s->askers.n) {
		text_add(&what.t, ": ");
		words_names(&what.t, &p->s->askers);
	}
	words_time(piece_begin(&when), p->s->first_ns, p->s->first_ns, 3);
	if (p->s->last_ns > p->s->first_ns) {
		text_add(&when.t, " to ");
		words_time(&when.t, p->s->last_ns, p->s->first_ns, 3);
	}
	for (unsigned i = 0; i < d->n_ticks; i++)
		add_tick(p, &d->ticks[i]);
	add_label(p, &what, &when);
	p->y += ROW;
}

/* Through all rows, and below the words in them. */
static void add_won(struct picture *p, double axis)
{
	text_printf(&p->d->t, "<path class=\"won\" d=\"M%.2f %dV%.1f\" data-at=\"%" PRIu64 "\"/>\n",
		    timeline_x(&p->t, story_end_ns(p->s)), TOP, axis, story_end_ns(p->s));
}

static void add_winner(struct picture *p)
{
	double x = timeline_x(&p->t, story_end_ns(p->s));
	struct piece what, when;

	text_printf(&p->d->t, "<circle class=\"flag\" cx=\"%.2f\" cy=\"%.1f\" r=\"5\"/>\n", x,
		    p->y + BAR_TOP + BAR / 2.0);
	words_ended(piece_begin(&what), p->s);
	words_time(piece_begin(&when), story_end_ns(p->s), p->s->first_ns, 3);
	add_label(p, &what, &when);
	p->y += ROW;
}

static void add_mark(struct picture *p, uint64_t ns, double axis)
{
	unsigned decimals = p->t.step_ns % 1000000000 ? 3 : 0;
	char rfc[CLOCK_TEXT];
	double x = timeline_x(&p->t, ns);

	text_printf(
		&p->d->t,
		"<path class=\"grid\" d=\"M%.2f %dV%.1f\"/><text class=\"soft mark\" x=\"%.2f\" "
		"y=\"%.1f\" text-anchor=\"middle\" data-at=\"%" PRIu64 "\">",
		x, TOP, axis, x, axis + 17, ns);
	if (p->t.step_ns < HOUR_NS) {
		words_time(&p->d->t, ns, ns, decimals);
	} else {
		clock_rfc3339(ns, rfc);
		text_printf(&p->d->t, "%.5s %.5s", rfc + 5, rfc + 11);
	}
	text_add(&p->d->t, "</text>");
}

static void add_axis(struct picture *p, double axis)
{
	/* a mark less than from_ns is one that came around the end of 64 bits */
	for (uint64_t ns = p->t.first_mark_ns; ns >= p->t.from_ns && ns <= p->t.to_ns;
	     ns += p->t.step_ns)
		add_mark(p, ns, axis);
	text_printf(&p->d->t, "<path class=\"axis\" d=\"M%d %.1fH%d\"/>\n", TIMELINE_LEFT, axis,
		    TIMELINE_RIGHT);
}

static bool in_window(const struct timeline *t, uint64_t ns)
{
	return ns > t->from_ns && ns < t->to_ns;
}

/* Beginning or end of the recording; the words stand below the marks, on the side of the longer part. */
static void add_edge(struct picture *p, uint64_t ns, const char *words, double axis, double below)
{
	double x = timeline_x(&p->t, ns);
	bool left = x > TIMELINE_WIDTH / 2.0;

	if (!in_window(&p->t, ns))
		return;
	text_printf(&p->d->t,
		    "<path class=\"edge\" d=\"M%.2f %dV%.1f\" data-at=\"%" PRIu64 "\"/>"
		    "<text class=\"soft\" x=\"%.2f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>\n",
		    x, TOP, axis + below, ns, x + (left ? -6 : 6), axis + below,
		    left ? "end" : "start", words);
}

static void add_names(struct picture *p, size_t number)
{
	const struct story_detail *d = p->s->detail;
	struct piece w;

	text_printf(&p->d->t, "<title id=\"t%zu\">", number);
	words_asked(piece_begin(&w), p->s);
	html_add(p->d, &w);
	text_printf(&p->d->t, ", in time</title><desc id=\"d%zu\">", number);
	words_count(&p->d->t, d->n_bars, "socket");
	text_add(&p->d->t, " in the way; ");
	words_count(&p->d->t, p->s->refusals, "refusal");
	text_add(&p->d->t, " from ");
	words_time(&p->d->t, p->s->first_ns, p->s->first_ns, 3);
	text_add(&p->d->t, " to ");
	words_time(&p->d->t, p->s->last_ns, p->s->first_ns, 3);
	text_add(&p->d->t, "; end: ");
	words_ended(piece_begin(&w), p->s);
	html_add(p->d, &w);
	text_add(&p->d->t, ".</desc>\n");
}

void html_timeline(struct document *d, const struct story *s, const struct story_origin *o,
		   size_t number)
{
	struct picture p = { .d = d, .s = s, .y = TOP };
	unsigned rows = s->detail->n_bars + 1 + s->resolved;
	double axis = TOP + rows * ROW, height = axis + 24;

	timeline_fit(&p.t, s, o);
	if (in_window(&p.t, p.t.recorded_to))
		height = axis + 42;
	if (in_window(&p.t, p.t.recorded_from))
		height = axis + 58;
	text_printf(&d->t,
		    "<svg viewBox=\"0 0 %d %.0f\" role=\"img\" aria-labelledby=\"t%zu d%zu\" "
		    "data-from=\"%" PRIu64 "\" data-to=\"%" PRIu64 "\">\n",
		    TIMELINE_WIDTH, height, number, number, p.t.from_ns, p.t.to_ns);
	add_names(&p, number);
	add_axis(&p, axis);
	add_edge(&p, p.t.recorded_from, "recording begins", axis, 52);
	add_edge(&p, p.t.recorded_to, "recording ends", axis, 35);
	if (s->resolved)
		add_won(&p, axis);
	for (unsigned i = 0; i < s->detail->n_bars; i++)
		add_bar(&p, &s->detail->bars[i]);
	add_refusals(&p);
	if (s->resolved)
		add_winner(&p);
	text_add(&d->t, "</svg>\n");
	document_flush(d);
}
