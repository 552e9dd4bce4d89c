// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "cmd/refusals.h"

#include "base/clock.h"
#include "cmd/tell.h"

#define SECOND 1000000000ull

/* Every refusal the kernel side counted of this kind had this reason, as far as anybody looked. */
static void account(struct report *r, struct fold_entry *f)
{
	r->totals.by_reason[f->face.reason] += f->seen - f->accounted;
	f->accounted = f->seen;
}

static void told(struct fold_entry *f, uint64_t ns)
{
	f->told = f->seen;
	f->told_ns = ns;
}

/*
 * How many refusals the next line about f adds to those that were told. A kind counts also what the ring buffer
 * lost: never more are told of than were.
 */
static uint64_t untold(const struct report *r, const struct fold_entry *f)
{
	uint64_t more = f->seen - f->told;
	uint64_t most = r->heard + bpf_source_folded(r->source) - r->told_of;

	return more < most ? more : most;
}

/* The line that says it goes on: nothing is said of what was counted before its record came. */
static void tell_more(struct report *r, struct fold_entry *f)
{
	struct repeat repeat = { .count = f->seen,
				 .first_ns = f->first_ns,
				 .incident = f->incident,
				 .adds = (int64_t)untold(r, f),
				 .since_ns = f->last_ns - f->told_ns };

	if (repeat.adds)
		tell_folded(r, &f->of, &repeat, f->last_ns);
	told(f, f->last_ns);
}

/* As it is, without looking for others of its kind. */
static void tell_single(struct report *r, struct event *e)
{
	e->repeat.adds = 1;
	r->totals.by_reason[e->verdict.reason]++;
	tell_event(r, e);
}

/* JSON has the whole event again, with its count; text a line. */
static void tell_again(struct report *r, struct event *e, struct fold_entry *f)
{
	e->repeat.adds = (int64_t)untold(r, f);
	e->repeat.since_ns = f->last_ns - f->told_ns;
	if (e->repeat.adds)
		tell_event_again(r, e, &f->of);
	told(f, f->last_ns);
}

/* Asks the kernel side how often it met this kind of refusal. */
static void look_at_fold(struct report *r, struct fold_entry *f, uint64_t ns)
{
	uint64_t seen = bpf_source_fold_count(r->source, &f->of.key);

	if (seen <= f->seen)
		return;
	f->seen = seen;
	f->last_ns = ns;
	account(r, f);
}

/* Of the kind that the table forgets for this one, what there is to tell is told now. */
static void make_room(struct report *r, const struct event *e)
{
	struct fold_entry *f = fold_in_the_way(&r->folds, &e->rec.kind);

	if (!f)
		return;
	look_at_fold(r, f, clock_boottime_ns());
	tell_more(r, f);
}

void refusals_tell(struct report *r, struct event *e, struct fold_face alone)
{
	enum fold_answer answer;
	struct fold_entry *f;

	r->heard++;
	if (r->o->no_fold) {
		e->repeat.count = e->rec.nth;
		e->repeat.first_ns = e->rec.first_ns;
		tell_single(r, e);
		return;
	}
	make_room(r, e);
	answer = fold_event(&r->folds, e, alone, &f);
	account(r, f);
	if (answer == FOLD_NEW) {
		e->repeat.adds = (int64_t)untold(r, f);
		tell_event(r, e);
		told(f, e->rec.hdr.boottime_ns);
	} else if (answer == FOLD_AGAIN) {
		tell_again(r, e, f);
	}
}

void refusals_count(struct report *r, struct fold_entry *f, struct event *e)
{
	r->heard++;
	fold_count(&r->folds, f, e);
	account(r, f);
}

void refusals_end(struct report *r, struct resolution *story, uint64_t ns)
{
	uint64_t refusals = 0, adds;
	size_t i;

	story->adds = 0;
	for (i = 0; i < FOLD_PLACES; i++) {
		struct fold_entry *f = &r->folds.entries[i];

		if (!f->used || !incident_has(story, &f->of.key))
			continue;
		look_at_fold(r, f, ns);
		adds = untold(r, f);
		r->told_of += adds;
		story->adds += (int64_t)adds;
		told(f, ns);
		refusals += fold_end(f);
	}
	if (refusals > story->refusals)
		story->refusals = refusals;
}

bool refusals_look(struct report *r, bool all)
{
	uint64_t ns = clock_boottime_ns();
	bool more = false;
	size_t i;

	for (i = 0; i < FOLD_PLACES; i++) {
		struct fold_entry *f = &r->folds.entries[i];

		/* each look is a call of the kernel: none for those that have been quiet since the last one */
		if (!f->used || (f->quiet && !all))
			continue;
		look_at_fold(r, f, ns);
		f->quiet = ns - f->last_ns >= 2 * SECOND;
		if (f->seen <= f->told)
			continue;
		if (all || ns - f->told_ns >= f->interval_ns)
			tell_more(r, f);
		else
			more = true;
	}
	return more;
}
