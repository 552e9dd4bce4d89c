// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The sentences about all incidents together. */
#include <inttypes.h>

#include "sink/story_words.h"

static size_t resolved(const struct story_book *b)
{
	size_t n = 0;

	for (size_t i = 0; i < b->n; i++)
		n += b->stories[i].resolved;
	return n;
}

static bool saw_everything(const struct story_book *b)
{
	return b->covered && !b->narrowed && !b->lost && !b->unusable && !b->cut_short;
}

static bool say_totals(struct text *t, const struct story_book *b)
{
	uint64_t last = 0;

	if (!b->n) {
		text_add(t, b->refusals || b->counted
				    ? "Refusals were counted, but none is told of."
			    : saw_everything(b) ? "Nothing was refused."
						: "No refusal is told of.");
		return true;
	}
	for (size_t i = 0; i < b->n; i++)
		if (b->stories[i].last_ns > last)
			last = b->stories[i].last_ns;
	words_count(t, b->refusals, "refusal");
	text_add(t, " in ");
	words_count(t, b->n, "incident");
	text_add(t, b->refusals == 1 ? ", at " : ", the first at ");
	words_date(t, b->stories[0].first_ns);
	if (b->refusals != 1) {
		text_add(t, ", the last told of at ");
		words_time(t, last, b->stories[0].first_ns, 0);
	}
	text_add(t, " UTC.");
	return true;
}

static bool say_ends(struct text *t, const struct story_book *b)
{
	size_t got = resolved(b), open = b->n - got;

	if (!b->n)
		return false;
	if (!open)
		text_add(t, b->n == 1 ? "It ended: somebody got what had been refused."
				      : "All ended: somebody got what had been refused.");
	else if (!got)
		text_add(t, b->n == 1 ? "Its end was not seen." : "The end of none was seen.");
	else
		text_printf(t,
			    "%zu ended, somebody got what had been refused; the end of %zu was "
			    "not seen.",
			    got, open);
	return true;
}

/* The incident of most refusals that is smaller than, or as large as but behind, the one before; n: none. */
static size_t next_story(const struct story_book *b, size_t before)
{
	size_t best = b->n;

	for (size_t i = 0; i < b->n; i++) {
		uint64_t n = b->stories[i].refusals;

		if (before < b->n && (n > b->stories[before].refusals ||
				      (n == b->stories[before].refusals && i <= before)))
			continue;
		if (best == b->n || n > b->stories[best].refusals)
			best = i;
	}
	return best;
}

static bool say_incident(struct text *t, const struct story_book *b, unsigned which)
{
	size_t at = next_story(b, b->n);
	const struct story *s;

	for (; which && at < b->n; which--)
		at = next_story(b, at);
	if (at >= b->n)
		return false;
	s = &b->stories[at];
	text_printf(t, "Incident %zu: ", at + 1);
	words_asked(t, s);
	text_add(t, " was refused ");
	words_times(t, s->refusals);
	text_add(t, b->n_origins > 1 ? " on " : "");
	words_safe(t, b->n_origins > 1 ? s->host : "");
	text_add(t, s->refusals == 1 ? " at " : " from ");
	words_time(t, s->first_ns, b->stories[0].first_ns, 3);
	text_add(t, s->refusals == 1 ? ": " : " on: ");
	words_cause(t, s);
	text_add(t, s->resolved ? "; it was " : "; its end was ");
	words_ended(t, s);
	text_add(t, ".");
	return true;
}

bool words_summary(struct text *t, const struct story_book *b, unsigned i)
{
	enum { LARGEST_TOLD = 3 };

	if (!i)
		return say_totals(t, b);
	if (i == 1)
		return say_ends(t, b);
	return i - 2 < LARGEST_TOLD && say_incident(t, b, i - 2);
}

static bool no_header(struct text *t, const struct story_book *b)
{
	if (!b->covered)
		text_add(t, "what could be seen is not known: there is no header");
	return !b->covered;
}

static bool not_told(struct text *t, const struct story_book *b)
{
	if (b->counted <= b->refusals)
		return false;
	words_count(t, b->counted, "refusal");
	text_printf(t,
		    " %s counted: of %" PRIu64 " of them, equal to others, the lines tell no more",
		    b->counted == 1 ? "was" : "were", b->counted - b->refusals);
	return true;
}

static bool no_reason(struct text *t, const struct story_book *b)
{
	if (!b->no_reason)
		return false;
	text_printf(t, "of %" PRIu64 " refusal%s no line tells the reason", b->no_reason,
		    b->no_reason == 1 ? "" : "s");
	return true;
}

static bool lost(struct text *t, const struct story_book *b)
{
	if (!b->lost)
		return false;
	words_count(t, b->lost, "refusal");
	text_printf(t, " %s lost: nothing is known of %s", b->lost == 1 ? "was" : "were",
		    b->lost == 1 ? "it" : "them");
	return true;
}

static bool unusable(struct text *t, const struct story_book *b)
{
	if (!b->unusable)
		return false;
	text_printf(t, "%" PRIu64 " line%s could not be used", b->unusable,
		    b->unusable == 1 ? "" : "s");
	return true;
}

static bool cut_short(struct text *t, const struct story_book *b)
{
	if (!b->cut_short)
		return false;
	if (b->files == 1)
		text_add(t, "the file has");
	else
		text_printf(t, "%u of %u files %s", b->cut_short, b->files,
			    b->cut_short == 1 ? "has" : "have");
	text_add(t, " no end: what came after is not known");
	return true;
}

bool words_late(struct text *t, const struct story_book *b)
{
	bool late = b->covered && b->coverage.read == READ_ITERATOR;
	bool none = b->covered && b->coverage.read == READ_NONE;

	if (late)
		text_add(t, "who held a port at the refusal: it was looked up 1 ms later");
	else if (none)
		text_add(t, "who held a port");
	return late || none;
}

bool words_unseen(struct text *t, const struct story_book *b, unsigned i)
{
	static bool (*const all[])(struct text *, const struct story_book *) = {
		no_header, not_told, no_reason, lost, unusable, cut_short,
	};

	for (size_t k = 0; k < sizeof(all) / sizeof(*all); k++) {
		size_t len = t->len;

		if (!all[k](t, b))
			continue;
		if (!i--)
			return true;
		t->len = len; /* the caller has had it */
		t->buf[len] = '\0';
	}
	return false;
}
