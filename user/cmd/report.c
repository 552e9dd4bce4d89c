// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "cmd/report.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "cmd/judge.h"
#include "cmd/recording.h"
#include "cmd/tell.h"

#define SECOND 1000000000ull

struct text_options report_text_options(const struct options *o, int out)
{
	const char *term = getenv("TERM"), *no_color = getenv("NO_COLOR");
	bool color = o->color == COLOR_ALWAYS;

	if (o->color == COLOR_AUTO)
		color = isatty(out) && !(no_color && *no_color) && !(term && !strcmp(term, "dumb"));
	return (struct text_options){ .color = color,
				      .timestamps = o->timestamps,
				      .wide = o->wide,
				      .verbose = o->verbose > 0 ? o->verbose : 0 };
}

int report_spoken_to(const struct options *o)
{
	return o->program ? STDERR_FILENO : STDOUT_FILENO;
}

struct json_moment report_moment(uint64_t *seq)
{
	struct json_moment m = { .seq = (*seq)++, .boottime_ns = clock_boottime_ns() };

	m.realtime_ns = clock_realtime_ns(m.boottime_ns, clock_offset_ns());
	return m;
}

/* Every refusal the kernel side counted of this kind had this reason, as far as anybody looked. */
static void account(struct report *r, struct fold_entry *f)
{
	r->totals.by_reason[f->reason] += f->seen - f->accounted;
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

static void tell_refusal(struct report *r, struct event *e)
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
	answer = fold_event(&r->folds, e, &f);
	account(r, f);
	if (answer == FOLD_NEW) {
		e->repeat.adds = (int64_t)untold(r, f);
		tell_event(r, e);
		told(f, e->rec.hdr.boottime_ns);
	} else if (answer == FOLD_AGAIN) {
		tell_again(r, e, f);
	}
}

static void unfollow(struct report *r, uint16_t port, uint64_t until_ns)
{
	if (port && !incident_waits(&r->incidents, port))
		bpf_source_unfollow(r->source, port, !r->incidents.n, until_ns);
}

/* The end of the stories of all who asked; their refusals together are the incident's. */
static void end_folds(struct report *r, struct resolution *story, uint64_t ns)
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

static void resolve(struct report *r, struct event *e)
{
	struct resolution story;

	while (incident_resolved(&r->incidents, e, &story)) {
		end_folds(r, &story, e->rec.hdr.boottime_ns);
		tell_resolved(r, e, &story);
	}
}

static void tell_record(struct report *r, unsigned i)
{
	struct event *e = &r->event;

	if (judge_record(e, &r->queue[i], r->lengths[i], &r->look, i))
		return;
	if (e->rec.hdr.kind == BT_KIND_REFUSAL) {
		tell_refusal(r, e);
		unfollow(r, incident_refused(&r->incidents, e), e->rec.hdr.boottime_ns);
		return;
	}
	if (e->rec.hdr.kind == BT_KIND_BOUND)
		tell_event(r, e);
	resolve(r, e);
	unfollow(r, e->rec.sock.port, e->rec.hdr.boottime_ns);
}

static void tell_queue(struct report *r)
{
	unsigned i;

	look_around(&r->look, r->source, r->queue, r->queued);
	for (i = 0; i < r->queued && !r->err && !r->enough; i++)
		tell_record(r, i);
	for (; i < r->queued; i++)
		r->beyond += r->queue[i].hdr.kind == BT_KIND_REFUSAL;
	r->queued = 0;
}

static int on_record(void *context, const struct bt_record *record, uint32_t len)
{
	struct report *r = context;

	if (len > sizeof(*record))
		len = sizeof(*record);
	memcpy(&r->queue[r->queued], record, len);
	r->lengths[r->queued++] = len;
	if (r->queued == LOOK_RECORDS) {
		tell_queue(r);
		r->more = true;
	}
	return r->err || r->more;
}

bool report_read(struct report *r)
{
	int n;

	r->more = false;
	n = bpf_source_read(r->source, on_record, r);
	tell_queue(r);
	return n != 0;
}

/* Looks up what the kernel side has folded meanwhile; true: something is still to be told. */
static bool look_at_folds(struct report *r, bool all)
{
	uint64_t ns = clock_boottime_ns();
	bool more = false;
	size_t i;

	for (i = 0; i < FOLD_PLACES; i++) {
		struct fold_entry *f = &r->folds.entries[i];

		/* each look is a bpf() call: none for those that have been quiet since the last one */
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

bool report_tick(struct report *r)
{
	struct bpf_counts counts;
	bool more;

	bpf_source_counts(r->source, &counts);
	tell_lost(r, counts.lost);
	more = look_at_folds(r, false);
	if (r->recording && recording_tick(r->recording))
		more = true;
	return more;
}

void report_finish(struct report *r)
{
	struct bpf_counts counts;
	uint64_t told;

	bpf_source_detach(r->source);
	do
		report_read(r);
	while (r->more && !r->err);
	if (!r->enough)
		look_at_folds(r, true);
	look_end(&r->look);
	bpf_source_counts(r->source, &counts);
	tell_lost(r, counts.lost);
	tell_missed(r, &counts);
	told = counts.refused - counts.lost - r->beyond;
	tell_rest(r, told - r->told_of);
	r->totals.lost = counts.lost;
	r->totals.states_missed = counts.states;
	r->totals.filters_missed = counts.filters;
	r->totals.folded = told - r->totals.printed;
	tell_end(r);
}
