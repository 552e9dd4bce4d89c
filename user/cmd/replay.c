// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* bindtrace report: what was recorded, as it was told live, and what it comes to. */
#include <errno.h>
#include <json-c/json.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "cmd/commands.h"
#include "cmd/report.h"
#include "cmd/storyteller.h"
#include "cmd/streams.h"
#include "model/endpoint.h"
#include "sink/text.h"

struct replay_report {
	const struct options *o;
	struct text_options text;
	struct stream *streams;
	unsigned n;
	struct counts told; /* by recording and incident: refusals the reader knows of */
	struct storyteller tales;
	struct event event;
	uint64_t runs;
	bool narrowed; /* filters leave events out */
	char host[65]; /* the first one */
	int err;
};

static void wrote(struct replay_report *r, int err)
{
	if (err && !r->err)
		r->err = err;
}

/* With several files each report says whose it is. */
static void tell_host(struct replay_report *r, const struct stream *s)
{
	char buf[4 * sizeof(s->about.host) + 8];
	struct text t;

	if (r->n == 1)
		return;
	text_init(&t, buf, sizeof(buf));
	text_escape(&t, s->about.host, strlen(s->about.host));
	text_add(&t, ": ");
	wrote(r, write_all(STDOUT_FILENO, t.buf, t.len));
}

/* As it was recorded, its seal included. */
static void tell_line(struct replay_report *r, const struct stream *s)
{
	wrote(r, write_all(STDOUT_FILENO, s->line.bytes, s->line.n));
}

static bool in_time(const struct options *o, uint64_t ns)
{
	return ns >= o->since_ns && (!o->until_ns || ns < o->until_ns);
}

static bool has(const uint32_t *list, uint32_t n, uint32_t value)
{
	for (uint32_t i = 0; i < n; i++)
		if (list[i] == value)
			return true;
	return !n;
}

static bool port_passes(const struct options *o, uint16_t port)
{
	return !o->source.filter.by_port || o->source.ports[port / 64] >> port % 64 & 1;
}

static bool event_passes(const struct options *o, const struct event *e)
{
	const struct bt_config *f = &o->source.filter;

	if (f->by_port && (e->rec.sock.family == AF_UNIX || !endpoint_asked(&e->rec)))
		return false;
	return in_time(o, e->realtime_ns) && port_passes(o, e->rec.sock.port) &&
	       has(f->pids, f->n_pids, e->asker.pid) && has(f->errors, f->n_errors, e->rec.error);
}

/* The live tracer's words for refusals like one that was told. */
static void tell_more(struct replay_report *r, const struct event *e, const struct counted *told)
{
	const struct bt_record *rec = &e->rec;
	struct folded of = { .path_len = rec->path_len };

	of.key = (struct bt_fold_key){ .pid = e->asker.pid,
				       .port = rec->sock.port,
				       .protocol = rec->sock.protocol,
				       .error = rec->error,
				       .operation = rec->operation,
				       .ifindex = rec->sock.ifindex,
				       .family = (uint8_t)rec->sock.family };
	memcpy(of.key.addr, rec->sock.addr, sizeof(of.key.addr));
	memcpy(of.comm, e->asker.comm, sizeof(of.comm));
	memcpy(of.path, rec->path, sizeof(of.path));
	wrote(r, text_folded(STDOUT_FILENO, &r->text, &of, e->repeat.count - told->count,
			     rec->hdr.boottime_ns - told->ns, e->realtime_ns));
}

static void tell_event(struct replay_report *r, struct stream *s)
{
	const struct event *e = &r->event;
	struct counted *told = NULL;

	tell_host(r, s);
	if (e->repeat.incident)
		told = counts_get(&r->told, s->run << 40 ^ e->repeat.incident);
	if (told && told->count && e->repeat.count > told->count)
		tell_more(r, e, told);
	else
		wrote(r, text_event(STDOUT_FILENO, &r->text, e));
	if (!told)
		return;
	told->count = e->repeat.count;
	told->ns = e->rec.hdr.boottime_ns;
}

static void on_event(struct replay_report *r, struct stream *s)
{
	const char *wrong;

	if (replay_event(&r->event, s->object, &wrong)) {
		stream_complain(s, wrong);
		return;
	}
	if (!event_passes(r->o, &r->event))
		return;
	if (r->event.rec.hdr.kind == BT_KIND_REFUSAL)
		wrote(r, story_refused(&r->tales, &r->event, s->about.host, s->run));
	if (r->o->json)
		tell_line(r, s);
	else
		tell_event(r, s);
}

static void on_resolved(struct replay_report *r, struct stream *s)
{
	const struct bt_config *f = &r->o->source.filter;
	struct resolution story;
	struct process who;
	const char *wrong;
	bool known;

	if (replay_resolved(&story, &who, s->object, &wrong)) {
		stream_complain(s, wrong);
		return;
	}
	if (!in_time(r->o, s->about.realtime_ns) || !port_passes(r->o, story.asked.port))
		return;
	/* whose refusals are left out, his end is, too */
	known = story_resolved(&r->tales, &story, &who, s->about.host);
	if (!known && (f->n_pids || f->n_errors))
		return;
	if (r->o->json) {
		tell_line(r, s);
		return;
	}
	tell_host(r, s);
	wrote(r, text_resolved(STDOUT_FILENO, &r->text, &story, &who, s->about.realtime_ns));
}

/* A file that goes on from the one given before it belongs to the same recording. */
static void begin_run(struct replay_report *r, struct stream *s)
{
	struct json_object *previous;

	if (json_object_object_get_ex(s->object, "previous", &previous) && s > r->streams &&
	    s[-1].run)
		s->run = s[-1].run;
	else
		s->run = ++r->runs;
}

static void on_header(struct replay_report *r, struct stream *s)
{
	struct coverage c;
	const char *wrong;

	begin_run(r, s);
	if (replay_coverage(&c, s->object, &wrong)) {
		stream_complain(s, wrong);
		return;
	}
	story_coverage(&r->tales, &c);
	if (r->o->json) {
		tell_line(r, s);
		return;
	}
	tell_host(r, s);
	wrote(r, text_header(STDOUT_FILENO, &r->text, &c));
}

static void on_lost(struct replay_report *r, struct stream *s)
{
	const char *wrong;
	uint64_t count;

	if (replay_lost(&count, s->object, &wrong)) {
		stream_complain(s, wrong);
		return;
	}
	if (!in_time(r->o, s->about.realtime_ns))
		return;
	r->tales.book.lost += count;
	if (r->o->json)
		tell_line(r, s);
	else
		log_warning("%llu refusals came too fast and were lost", (unsigned long long)count);
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
	if (r->o->json)
		tell_line(r, s);
	if (goes_on || r->narrowed || r->o->json)
		return;
	r->tales.book.counted += t.printed + t.folded;
	tell_host(r, s);
	wrote(r, text_footer(STDOUT_FILENO, &r->text, &t));
}

static void on_line(struct replay_report *r, struct stream *s)
{
	static const struct {
		const char *kind;
		void (*on)(struct replay_report *r, struct stream *s);
	} kinds[] = {
		{ "header", on_header },     { "failure", on_event }, { "bound", on_event },
		{ "resolved", on_resolved }, { "lost", on_lost },     { "footer", on_footer }
	};

	if (!r->host[0])
		memcpy(r->host, s->about.host, sizeof(r->host));
	if (strcmp(r->host, s->about.host) != 0)
		r->tales.book.hosts = 2;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (!strcmp(s->about.kind, kinds[i].kind))
			kinds[i].on(r, s);
}

static int tell(struct replay_report *r)
{
	struct stream *s;
	int status = EXIT_OK;

	while (!r->err && (s = streams_first(r->streams, r->n))) {
		on_line(r, s);
		stream_next(s);
	}
	r->tales.book.files = r->n;
	for (unsigned i = 0; i < r->n; i++) {
		r->tales.book.cut_short += !r->streams[i].footer;
		r->tales.book.unusable += r->streams[i].unusable;
		if (r->streams[i].failed)
			status = EXIT_FAILED;
	}
	if (!r->o->json && !r->err)
		wrote(r, text_summary(STDOUT_FILENO, &r->text, &r->tales.book));
	if (!r->err || r->err == -EPIPE)
		return status;
	log_error("cannot go on with the report: %s", strerror(-r->err));
	return EXIT_FAILED;
}

static int open_all(struct replay_report *r)
{
	r->streams = calloc((size_t)r->o->n_operands, sizeof(*r->streams));
	if (!r->streams) {
		log_error("out of memory");
		return EXIT_FAILED;
	}
	for (int i = 0; i < r->o->n_operands; i++) {
		if (stream_open(&r->streams[r->n], r->o->operands[i]))
			return EXIT_USAGE;
		r->n++;
	}
	return EXIT_OK;
}

int command_report(struct options *options)
{
	const struct bt_config *f = &options->source.filter;
	struct replay_report *r;
	int status;

	if (!options->n_operands) {
		log_error("report needs a recording: bindtrace report FILE... (- is standard "
			  "input)");
		return EXIT_USAGE;
	}
	r = calloc(1, sizeof(*r));
	if (!r) {
		log_error("out of memory");
		return EXIT_FAILED;
	}
	r->o = options;
	r->text = report_text_options(options, STDOUT_FILENO);
	r->narrowed =
		f->by_port || f->n_pids || f->n_errors || options->since_ns || options->until_ns;
	status = open_all(r);
	if (!status)
		status = tell(r);
	for (unsigned i = 0; i < r->n; i++)
		stream_close(&r->streams[i]);
	free(r->streams);
	free(r->told.entries);
	story_free(&r->tales);
	free(r);
	return status;
}
