// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "cmd/report.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "cmd/judge.h"
#include "cmd/recording.h"
#include "cmd/refusals.h"
#include "cmd/tell.h"

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

static void unfollow(struct report *r, uint16_t port, uint64_t until_ns)
{
	if (port && !incident_waits(&r->incidents, port))
		bpf_source_unfollow(r->source, port, !r->incidents.n, until_ns);
}

static void resolve(struct report *r, struct event *e)
{
	struct resolution story;

	while (incident_resolved(&r->incidents, e, &story)) {
		refusals_end(r, &story, e->rec.hdr.boottime_ns);
		tell_resolved(r, e, &story);
	}
}

/* One look serves all that wait from here on; what needs no long one does not make it for the others. */
static void look_at(struct report *r, unsigned i)
{
	bool is_long = look_is_long(&r->queue[i]);

	if (r->looked)
		return;
	look_around(&r->look, r->source, &r->queue[i], is_long ? r->queued - i : 1);
	r->looked_from = i;
	r->looked = is_long;
}

static void see(struct report *r, unsigned i)
{
	look_at(r, i);
	judge_seen(&r->event, &r->look, i - r->looked_from);
}

/*
 * What is, by its record alone, as what was told a moment ago is only counted. Where a look may find that it is not, it
 * is looked into all the same, as long as that takes no more than its share of the time.
 */
static void tell_refusal(struct report *r, unsigned i)
{
	struct event *e = &r->event;
	const struct fold_face alone = fold_face(e);
	struct fold_entry *told = r->o->no_fold ? NULL : fold_told(&r->folds, &e->rec, alone);
	uint64_t began_ns;

	if (told && !(r->may_look_again && look_decides(e))) {
		refusals_count(r, told, e);
		return;
	}
	began_ns = told ? clock_cpu_ns() : 0;
	see(r, i);
	refusals_tell(r, e, alone);
	if (told)
		allowance_spend(&r->looks_again, clock_boottime_ns(), clock_cpu_ns() - began_ns);
}

static void tell_record(struct report *r, unsigned i)
{
	struct event *e = &r->event;

	if (judge_alone(e, &r->queue[i], r->lengths[i]))
		return;
	if (e->rec.hdr.kind == BT_KIND_REFUSAL) {
		tell_refusal(r, i);
		unfollow(r, incident_refused(&r->incidents, e), e->rec.hdr.boottime_ns);
		return;
	}
	see(r, i);
	if (e->rec.hdr.kind == BT_KIND_BOUND)
		tell_event(r, e);
	resolve(r, e);
	unfollow(r, e->rec.sock.port, e->rec.hdr.boottime_ns);
}

static void tell_queue(struct report *r)
{
	unsigned i;

	r->looked = false;
	r->may_look_again = allowance_left(&r->looks_again, clock_boottime_ns());
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

bool report_tick(struct report *r)
{
	struct bpf_counts counts;
	bool more;

	bpf_source_counts(r->source, &counts);
	tell_lost(r, counts.lost);
	more = refusals_look(r, false);
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
		refusals_look(r, true);
	look_end(&r->look);
	bpf_source_counts(r->source, &counts);
	tell_lost(r, counts.lost);
	tell_missed(r, &counts);
	told = counts.refused - counts.lost - r->beyond;
	tell_rest(r, told - r->told_of);
	r->totals.lost = counts.lost;
	r->totals.states_missed = counts.states;
	r->totals.filters_missed = counts.filters;
	r->totals.ends_missed = counts.ends;
	r->totals.folded = told - r->totals.printed;
	tell_end(r);
}
