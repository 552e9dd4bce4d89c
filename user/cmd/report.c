// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "cmd/report.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "cmd/commands.h"
#include "cmd/judge.h"
#include "cmd/recording.h"
#include "enrich/process.h"

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

struct json_moment report_moment(uint64_t *seq)
{
	struct json_moment m = { .seq = (*seq)++, .boottime_ns = clock_boottime_ns() };

	m.realtime_ns = clock_realtime_ns(m.boottime_ns, clock_offset_ns());
	return m;
}

/* Remembers the first thing that went wrong with the output; the loop ends by it. */
static void wrote(struct report *r, int err)
{
	if (!err && r->recording)
		err = recording_line(r->recording);
	if (err && !r->err)
		r->err = err;
}

static void tell_event(struct report *r, struct event *e)
{
	e->seq = r->seq++;
	if (r->o->json || r->text.verbose)
		enrich_parents(e);
	if (r->o->json)
		wrote(r, json_event(r->out, e, &r->host, &r->coverage));
	else
		wrote(r, text_event(r->out, &r->text, e));
	if (e->rec.hdr.kind != BT_KIND_REFUSAL)
		return;
	r->totals.printed++;
	if (r->o->count && r->totals.printed >= r->o->count)
		r->enough = true;
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

/* The line that says it goes on; JSON says the same by the event itself, with its count. */
static void tell_more(struct report *r, struct fold_entry *f)
{
	uint64_t ns = f->last_ns;

	if (!r->o->json)
		wrote(r, text_folded(r->out, &r->text, &f->of, f->seen - f->told, ns - f->told_ns,
				     clock_realtime_ns(ns, clock_offset_ns())));
	told(f, ns);
}

/* As it is, without looking for others of its kind. */
static void tell_single(struct report *r, struct event *e)
{
	r->totals.by_reason[e->verdict.reason]++;
	tell_event(r, e);
}

static void tell_refusal(struct report *r, struct event *e)
{
	enum fold_answer answer;
	struct fold_entry *f;

	if (r->o->no_fold) {
		e->repeat.count = e->rec.nth;
		e->repeat.first_ns = e->rec.first_ns;
		tell_single(r, e);
		return;
	}
	answer = fold_event(&r->folds, e, &f);
	if (!f) {
		tell_single(r, e);
		return;
	}
	account(r, f);
	if (answer == FOLD_NEW || (answer == FOLD_AGAIN && r->o->json)) {
		tell_event(r, e);
		told(f, e->rec.hdr.boottime_ns);
		return;
	}
	if (answer == FOLD_AGAIN)
		tell_more(r, f);
}

static void unfollow(struct report *r, uint16_t port, uint64_t until_ns)
{
	if (port && !incident_waits(&r->incidents, port))
		bpf_source_unfollow(r->source, port, !r->incidents.n, until_ns);
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

/* The end of the stories of all who asked; their refusals together are the incident's. */
static uint64_t end_folds(struct report *r, const struct resolution *story, uint64_t ns)
{
	uint64_t refusals = 0;
	size_t i;

	for (i = 0; i < FOLD_ENTRIES; i++) {
		struct fold_entry *f = &r->folds.entries[i];

		if (!f->used || !incident_has(story, &f->of.key))
			continue;
		look_at_fold(r, f, ns);
		told(f, ns);
		refusals += fold_end(f);
	}
	return refusals;
}

static void resolve(struct report *r, struct event *e)
{
	struct resolution story;
	struct json_moment m;
	uint64_t refusals;

	while (incident_resolved(&r->incidents, e, &story)) {
		refusals = end_folds(r, &story, e->rec.hdr.boottime_ns);
		if (refusals > story.refusals)
			story.refusals = refusals;
		m = (struct json_moment){ .seq = r->seq++,
					  .boottime_ns = e->rec.hdr.boottime_ns,
					  .realtime_ns = e->realtime_ns };
		if (r->o->json)
			enrich_parents(e);
		if (r->o->json)
			wrote(r, json_resolved(r->out, &m, &r->host, &story, &e->asker));
		else
			wrote(r,
			      text_resolved(r->out, &r->text, &story, &e->asker, e->realtime_ns));
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

/* Says how much was lost since it was last said. */
static void tell_lost(struct report *r)
{
	struct bpf_counts counts;
	struct json_moment m;

	bpf_source_counts(r->source, &counts);
	if (counts.lost <= r->lost_told)
		return;
	if (r->o->json) {
		m = report_moment(&r->seq);
		wrote(r,
		      json_lost(r->out, &m, &r->host, "ring_buffer", counts.lost - r->lost_told));
	} else {
		log_warning("%llu refusals came too fast and were lost",
			    (unsigned long long)(counts.lost - r->lost_told));
	}
	r->lost_told = counts.lost;
}

/* Looks up what the kernel side has folded meanwhile; true: something is still to be told. */
static bool look_at_folds(struct report *r, bool all)
{
	uint64_t ns = clock_boottime_ns();
	bool more = false;
	size_t i;

	for (i = 0; i < FOLD_ENTRIES; i++) {
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
	bool more;

	tell_lost(r);
	more = look_at_folds(r, false);
	if (r->recording && recording_tick(r->recording))
		more = true;
	return more;
}

/* What was missed besides refusals. */
static void tell_missed(const struct bpf_counts *counts, const struct report *r)
{
	/* a report says by itself that its closer was not seen: this is for who asks why */
	if (counts->states && r->o->verbose > 0)
		log_warning("up to %llu changes of TCP state were not seen: of as many sockets it "
			    "may not be known who opened or closed them",
			    (unsigned long long)counts->states);
	if (counts->strays)
		log_warning("%llu child processes were not followed: too many at once",
			    (unsigned long long)counts->strays);
	if (r->incidents.forgot)
		log_warning("more than %d ports were refused at once: of some it was not said when "
			    "they were bound",
			    MAX_INCIDENTS);
}

void report_finish(struct report *r)
{
	struct bpf_counts counts;
	struct json_moment m;

	bpf_source_detach(r->source);
	do
		report_read(r);
	while (r->more && !r->err);
	if (!r->enough)
		look_at_folds(r, true);
	tell_lost(r);
	look_end(&r->look);
	bpf_source_counts(r->source, &counts);
	tell_missed(&counts, r);
	r->totals.lost = counts.lost;
	r->totals.states_missed = counts.states;
	r->totals.folded = counts.refused - counts.lost - r->beyond - r->totals.printed;
	if (r->recording)
		recording_account(r->recording, &r->totals);
	if (r->o->json) {
		m = report_moment(&r->seq);
		wrote(r, json_footer(r->out, &m, &r->host, &r->totals));
	} else if (!r->brief) {
		wrote(r, text_footer(r->out, &r->text, &r->totals));
	}
}

void report_begin(struct report *r)
{
	struct json_moment m = report_moment(&r->seq);

	if (r->o->json)
		wrote(r, json_header(r->out, &m, &r->host, &r->coverage, BINDTRACE_VERSION,
				     r->o->argc, r->o->argv));
	else if (!r->brief)
		wrote(r, text_header(r->out, &r->text, &r->coverage));
}
