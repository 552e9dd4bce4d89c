// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "cmd/replay.h"
#include "cmd/replay_filter.h"
#include "model/endpoint.h"

static void wrote(struct replay_report *r, int err)
{
	if (err && !r->err)
		r->err = err;
}

/* Begins a report in words: with several hosts it says whose it is. */
static void tell_host(struct replay_report *r, const struct stream *s)
{
	char buf[4 * sizeof(s->about.host) + 8];
	struct text t;

	if (r->silent)
		return;
	progress_make_way(&r->progress);
	if (!r->several_hosts)
		return;
	text_init(&t, buf, sizeof(buf));
	text_escape(&t, s->about.host, strlen(s->about.host));
	text_add(&t, ": ");
	wrote(r, write_all(STDOUT_FILENO, t.buf, t.len));
}

/* As it was recorded, its seal included. */
static void tell_line(struct replay_report *r, const struct stream *s)
{
	progress_make_way(&r->progress);
	wrote(r, write_all(STDOUT_FILENO, s->line.bytes, s->line.n));
}

static void tell_folded(struct replay_report *r, const struct stream *s, const struct folded *of,
			const struct repeat *repeat)
{
	if (!r->silent)
		wrote(r, text_folded(STDOUT_FILENO, &r->text, of, repeat, s->about.realtime_ns));
}

/* What the live tracer knows an event by that is like one it told before. */
static void fold(const struct event *e, struct folded *of)
{
	const struct bt_record *rec = &e->rec;

	*of = (struct folded){ .path_len = rec->path_len, .named = endpoint_asked(rec) };
	of->key = (struct bt_fold_key){ .pid = e->asker.pid,
					.port = rec->sock.port,
					.protocol = rec->sock.protocol,
					.error = rec->error,
					.operation = rec->operation,
					.ifindex = rec->sock.ifindex,
					.family = (uint8_t)rec->sock.family };
	memcpy(of->key.addr, rec->sock.addr, sizeof(of->key.addr));
	memcpy(of->comm, e->asker.comm, sizeof(of->comm));
	memcpy(of->path, rec->path, sizeof(of->path));
}

/* How far the refusals of the incident have been told; NULL where nobody has counted. */
static struct counted *told_of(struct replay_report *r, const struct stream *s,
			       const struct repeat *repeat)
{
	return repeat->incident ? counts_get(&r->told, s->run << 40 ^ repeat->incident) : NULL;
}

/* In full, or by the live tracer's words for one like those that the reader knows. */
static void tell_event(struct replay_report *r, struct stream *s)
{
	struct counted *told = told_of(r, s, &r->event.repeat);
	struct repeat *repeat = &r->event.repeat;
	struct folded of;

	if (r->silent)
		return;
	tell_host(r, s);
	if (told && told->count && repeat->adds < 0 && repeat->count > told->count) {
		/* before there was "adds" */
		repeat->adds = (int64_t)(repeat->count - told->count);
		repeat->since_ns = r->event.rec.hdr.boottime_ns - told->ns;
	}
	if (told && told->count && repeat->since_ns) {
		fold(&r->event, &of);
		tell_folded(r, s, &of, repeat);
	} else {
		wrote(r, text_event(STDOUT_FILENO, &r->text, &r->event));
	}
	if (!told)
		return;
	told->count = repeat->count;
	told->ns = r->event.rec.hdr.boottime_ns;
}

static struct written written(const struct stream *s)
{
	return (struct written){ s->about.host, s->run, s->about.boottime_ns,
				 s->about.realtime_ns };
}

static void on_event(struct replay_report *r, struct stream *s)
{
	struct written at = written(s);
	const char *wrong;

	if (replay_event(&r->event, s->object, &wrong)) {
		stream_complain(s, wrong);
		return;
	}
	if (!filter_event(r->o, &r->event))
		return;
	if (r->event.rec.hdr.kind == BT_KIND_REFUSAL)
		wrote(r, story_refused(&r->tales, &r->event, &at));
	if (r->o->json)
		tell_line(r, s);
	else
		tell_event(r, s);
}

static void on_folded(struct replay_report *r, struct stream *s)
{
	struct written at = written(s);
	struct repeat repeat;
	struct folded of;
	const char *wrong;

	if (replay_folded(&of, &repeat, s->object, &wrong)) {
		stream_complain(s, wrong);
		return;
	}
	if (!filter_folded(r->o, s->about.realtime_ns, &of))
		return;
	wrote(r, story_folded(&r->tales, &of, &repeat, &at));
	if (r->o->json) {
		tell_line(r, s);
		return;
	}
	tell_host(r, s);
	tell_folded(r, s, &of, &repeat);
}

/* As JSON a line is told as it is. true: it is to be told in words, under its host. */
static bool in_words(struct replay_report *r, struct stream *s)
{
	if (r->o->json)
		tell_line(r, s);
	if (r->o->json || r->silent)
		return false;
	tell_host(r, s);
	return true;
}

static void on_resolved(struct replay_report *r, struct stream *s)
{
	const struct bt_config *f = &r->o->source.filter;
	struct written at = written(s);
	struct resolution story, of;
	struct process who;
	const char *wrong;
	bool known;

	if (replay_resolved(&story, &who, s->object, &wrong)) {
		stream_complain(s, wrong);
		return;
	}
	if (!filter_in_time(r->o, s->about.realtime_ns) || !filter_has_port(r->o, story.asked.port))
		return;
	/* it counts whoever asked, and whatever the error was */
	of = story;
	if (f->n_pids || f->n_errors)
		of.adds = 0;
	/* whose refusals are left out, his end is, too */
	known = story_resolved(&r->tales, &of, &who, &at);
	if (!known && (f->n_pids || f->n_errors))
		return;
	if (in_words(r, s))
		wrote(r,
		      text_resolved(STDOUT_FILENO, &r->text, &story, &who, s->about.realtime_ns));
}

/* A file that goes on from the one given before it belongs to the same recording; whether it does. */
static bool begin_run(struct replay_report *r, struct stream *s)
{
	bool goes_on = value_member(s->object, "previous") != NULL;

	if (s->follows && s[-1].run) {
		s->run = s[-1].run;
		s->late = s[-1].late;
		return true;
	}
	s->late = goes_on;
	if (goes_on)
		log_warning("%s goes on from a file that is not given before it: what came before "
			    "is not told",
			    stream_name(s));
	s->run = ++r->runs;
	return false;
}

static void on_header(struct replay_report *r, struct stream *s)
{
	struct story_origin from;
	struct written at;
	struct coverage c;
	const char *wrong;
	bool goes_on = begin_run(r, s);

	if (replay_coverage(&c, s->object, &wrong) || replay_origin(&from, s->object, &wrong)) {
		stream_complain(s, wrong);
		return;
	}
	at = written(s);
	story_header(&r->tales, &at, &from, &c);
	if (r->o->json) {
		tell_line(r, s);
		return;
	}
	if (goes_on || r->silent) /* as it was live: said once */
		return;
	tell_host(r, s);
	wrote(r, text_header(STDOUT_FILENO, &r->text, &c));
}

/* Of the ring buffer as the live tracer said it; on the disk it is the file that lacks them. */
static void tell_lost(const struct stream *s, uint64_t count, bool unwritten)
{
	const char *refusals = count == 1 ? "refusal" : "refusals";

	if (unwritten)
		log_warning("%s lacks %" PRIu64 " %s, whose lines could not be written: the disk "
			    "was full, or failed",
			    stream_name(s), count, refusals);
	else
		log_warning("%" PRIu64 " %s came too fast and %s lost", count, refusals,
			    count == 1 ? "was" : "were");
}

static void on_lost(struct replay_report *r, struct stream *s)
{
	const char *wrong;
	uint64_t count;
	bool unwritten;

	if (replay_lost(&count, &unwritten, s->object, &wrong)) {
		stream_complain(s, wrong);
		return;
	}
	if (!filter_in_time(r->o, s->about.realtime_ns))
		return;
	r->tales.book.lost += count;
	if (r->o->json)
		tell_line(r, s);
	else
		tell_lost(s, count, unwritten);
}

static void on_clock(struct replay_report *r, struct stream *s)
{
	struct clock_change change;
	const char *wrong;

	if (replay_clock(&change, s->object, &wrong)) {
		stream_complain(s, wrong);
		return;
	}
	if (!filter_in_time(r->o, s->about.realtime_ns))
		return;
	if (in_words(r, s))
		wrote(r, text_clock(STDOUT_FILENO, &r->text, &change, s->about.realtime_ns));
}

/* With filters its totals are those of other events. */
static void on_footer(struct replay_report *r, struct stream *s)
{
	struct totals t;
	const char *wrong;
	bool goes_on;

	if (replay_totals(&t, &goes_on, s->object, &wrong)) {
		stream_complain(s, wrong);
		return;
	}
	s->goes_on = goes_on;
	if (r->o->json)
		tell_line(r, s);
	if (goes_on || r->narrowed || r->o->json)
		return;
	/* they are of all its files */
	if (!s->late)
		r->tales.book.counted += t.printed + t.folded;
	if (r->silent)
		return;
	tell_host(r, s);
	wrote(r, text_footer(STDOUT_FILENO, &r->text, &t));
}

void replay_tell(struct replay_report *r, struct stream *s)
{
	static const struct {
		const char *kind;
		void (*on)(struct replay_report *r, struct stream *s);
	} kinds[] = { { "header", on_header }, { "failure", on_event },	    { "bound", on_event },
		      { "folded", on_folded }, { "resolved", on_resolved }, { "lost", on_lost },
		      { "clock", on_clock },   { "footer", on_footer } };

	struct written at = written(s);

	story_line(&r->tales, &at);
	if (!r->host[0])
		memcpy(r->host, s->about.host, sizeof(r->host));
	if (strcmp(r->host, s->about.host) != 0)
		r->tales.book.hosts = 2;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		if (!strcmp(s->about.kind, kinds[i].kind)) {
			kinds[i].on(r, s);
			return;
		}
	}
	s->unknown++;
	if (r->o->json && !r->narrowed)
		tell_line(r, s);
}
