// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "cmd/tell.h"

#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "cmd/commands.h"
#include "cmd/exporting.h"
#include "cmd/recording.h"
#include "enrich/event.h"

/* Remembers the first thing that went wrong with the output; the loop ends by it. */
static void wrote(struct report *r, int err)
{
	if (err && !r->err)
		r->err = err;
}

/* A line of JSON that tells of so many refusals; of lost ones only the exporter would know nothing without it. */
static void wrote_line(struct report *r, int err, uint64_t refusals, uint64_t lost)
{
	if (!err && r->exporting)
		err = exporting_line(r, refusals + lost);
	if (!err && r->recording)
		err = recording_line(r->recording, refusals);
	wrote(r, err);
}

/* Text is told beside a recording as long as somebody listens: the recording goes on. */
static void wrote_text(struct report *r, int err)
{
	if (!err || !r->recording) {
		wrote(r, err);
		return;
	}
	log_warning("cannot print any more: %s; recording goes on", strerror(-err));
	r->page = -1;
}

void tell_begin(struct report *r)
{
	struct json_moment m = report_moment(&r->seq);

	if (r->lines)
		wrote_line(r,
			   json_header(r->out, &m, &r->host, &r->coverage, BINDTRACE_VERSION,
				       r->o->argc, r->o->argv),
			   0, 0);
	/* of a recording it is said when its header is written */
	if (r->page >= 0 && !r->brief && !r->recording)
		wrote(r, text_header(r->page, &r->text, &r->coverage));
}

static void print_line(struct report *r, struct event *e)
{
	e->seq = r->seq++;
	wrote_line(r, json_event(r->out, e, &r->host, &r->coverage), (uint64_t)e->repeat.adds, 0);
}

/* What --count counts, and what the end calls printed. */
static void printed(struct report *r, const struct event *e)
{
	if (e->rec.hdr.kind != BT_KIND_REFUSAL)
		return;
	r->totals.printed++;
	if (r->o->count && r->totals.printed >= r->o->count)
		r->enough = true;
}

void tell_event(struct report *r, struct event *e)
{
	if (r->lines || r->text.verbose)
		enrich_parents(e);
	if (e->rec.hdr.kind == BT_KIND_REFUSAL)
		r->told_of += (uint64_t)e->repeat.adds;
	if (r->lines)
		print_line(r, e);
	if (r->page >= 0)
		wrote_text(r, text_event(r->page, &r->text, e));
	printed(r, e);
}

static void print_folded(struct report *r, const struct folded *of, const struct repeat *repeat,
			 uint64_t realtime_ns)
{
	if (r->page >= 0)
		wrote_text(r, text_folded(r->page, &r->text, of, repeat, realtime_ns));
}

void tell_event_again(struct report *r, struct event *e, const struct folded *of)
{
	r->told_of += (uint64_t)e->repeat.adds;
	if (r->lines) {
		enrich_parents(e);
		print_line(r, e);
		printed(r, e);
	}
	print_folded(r, of, &e->repeat, e->realtime_ns);
}

void tell_folded(struct report *r, const struct folded *of, const struct repeat *repeat,
		 uint64_t boottime_ns)
{
	struct json_moment m = { .boottime_ns = boottime_ns,
				 .realtime_ns = clock_realtime_ns(boottime_ns, clock_offset_ns()) };

	r->told_of += (uint64_t)repeat->adds;
	if (r->lines) {
		m.seq = r->seq++;
		wrote_line(r, json_folded(r->out, &m, &r->host, of, repeat), (uint64_t)repeat->adds,
			   0);
	}
	print_folded(r, of, repeat, m.realtime_ns);
}

void tell_rest(struct report *r, uint64_t refusals)
{
	const struct folded nobody = { 0 };
	const struct repeat repeat = { .adds = (int64_t)refusals };

	if (refusals)
		tell_folded(r, &nobody, &repeat, clock_boottime_ns());
}

void tell_resolved(struct report *r, struct event *e, const struct resolution *story)
{
	struct json_moment m = { .boottime_ns = e->rec.hdr.boottime_ns,
				 .realtime_ns = e->realtime_ns };

	if (r->lines) {
		enrich_parents(e);
		m.seq = r->seq++;
		wrote_line(r, json_resolved(r->out, &m, &r->host, story, &e->asker),
			   (uint64_t)story->adds, 0);
	}
	if (r->page >= 0)
		wrote_text(r, text_resolved(r->page, &r->text, story, &e->asker, e->realtime_ns));
}

void tell_lost(struct report *r, uint64_t lost)
{
	struct json_moment m;
	uint64_t more = lost - r->lost_told;

	if (lost <= r->lost_told)
		return;
	if (r->lines) {
		m = report_moment(&r->seq);
		wrote_line(r, json_lost(r->out, &m, &r->host, "ring_buffer", more), 0, more);
	}
	if (r->page >= 0)
		log_warning("%llu refusal%s came too fast and %s lost", (unsigned long long)more,
			    more == 1 ? "" : "s", more == 1 ? "was" : "were");
	r->lost_told = lost;
}

void tell_clock(struct report *r, const struct clock_change *change)
{
	struct json_moment m = report_moment(&r->seq);

	if (r->lines)
		wrote_line(r, json_clock(r->out, &m, &r->host, change), 0, 0);
	if (r->page >= 0)
		wrote_text(r, text_clock(r->page, &r->text, change, m.realtime_ns));
}

void tell_missed(const struct report *r, const struct bpf_counts *counts)
{
	/* a report says by itself that its closer was not seen: this is for who asks why */
	if (counts->states && r->o->verbose > 0)
		log_warning("up to %llu changes of TCP state were not seen: of as many sockets it "
			    "may not be known who opened or closed them",
			    (unsigned long long)counts->states);
	if (counts->filters && r->o->verbose > 0)
		log_warning("of %llu system calls it was not seen whether a seccomp filter refused "
			    "them",
			    (unsigned long long)counts->filters);
	if (counts->ends && r->o->verbose > 0)
		log_warning("of %llu calls of bind() or listen() it was not seen whether they were "
			    "refused before the protocol was asked",
			    (unsigned long long)counts->ends);
	if (counts->strays)
		log_warning("%llu child processes were not followed: too many at once",
			    (unsigned long long)counts->strays);
	if (r->incidents.forgot)
		log_warning("more than %d ports were refused at once: of some it was not said when "
			    "they were bound",
			    MAX_INCIDENTS);
}

void tell_end(struct report *r)
{
	struct json_moment m;

	if (r->recording)
		recording_account(r->recording, &r->totals);
	if (r->lines) {
		m = report_moment(&r->seq);
		wrote_line(r, json_footer(r->out, &m, &r->host, &r->totals), 0, 0);
	}
	/* a recording says at the very end what it comes to */
	if (r->page >= 0 && !r->brief && !r->recording)
		wrote_text(r, text_footer(r->page, &r->text, &r->totals));
}
