// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "export/line.h"

#include <string.h>

#include "source/replay_json.h"

/* Which refusals an incident is about: of those that are only counted, the line with their number tells no reason. */
static void remember(struct export_stream *stream, const struct event *e)
{
	uint64_t incident = e->repeat.incident;

	stream->incidents[incident % STREAM_INCIDENTS].incident = incident;
	stream->incidents[incident % STREAM_INCIDENTS].reason = e->verdict.reason;
	stream->incidents[incident % STREAM_INCIDENTS].error = e->rec.error;
}

static void recall(struct export_line *out, uint64_t incident)
{
	const struct export_stream *stream = out->stream;

	if (!incident || stream->incidents[incident % STREAM_INCIDENTS].incident != incident)
		return;
	out->reason = stream->incidents[incident % STREAM_INCIDENTS].reason;
	out->error = stream->incidents[incident % STREAM_INCIDENTS].error;
	out->reason_known = true;
}

static const char *read_header(struct export_line *out, struct export_stream *stream)
{
	const char *wrong;
	struct replay r = { 0 };

	if (replay_coverage(&stream->coverage, out->object, &wrong))
		return wrong;
	replay_text(&r, out->object, "host", stream->host.host, sizeof(stream->host.host));
	replay_text(&r, out->object, "kernel", stream->host.kernel, sizeof(stream->host.kernel));
	replay_text(&r, out->object, "machine", stream->host.machine, sizeof(stream->host.machine));
	replay_text(&r, out->object, "boot_id", stream->host.boot_id, sizeof(stream->host.boot_id));
	replay_text(&r, out->object, "version", stream->version, sizeof(stream->version));
	return r.wrong;
}

/* A line without "adds", as older ones are, tells of one refusal. */
static uint64_t adds(int64_t told)
{
	return told < 0 ? 1 : (uint64_t)told;
}

static const char *read_failure(struct export_line *out, struct export_stream *stream)
{
	const char *wrong;

	if (replay_event(out->event, out->object, &wrong))
		return wrong;
	out->refusals = adds(out->event->repeat.adds);
	out->reason = out->event->verdict.reason;
	out->reason_known = true;
	out->error = out->event->rec.error;
	if (out->event->repeat.incident)
		remember(stream, out->event);
	return NULL;
}

static const char *read_folded(struct export_line *out, struct export_stream *stream)
{
	const char *wrong;

	(void)stream;
	if (replay_folded(&out->folded, &out->repeat, out->object, &wrong))
		return wrong;
	out->refusals = adds(out->repeat.adds);
	recall(out, out->repeat.incident);
	out->error = out->folded.key.error;
	return NULL;
}

static const char *read_resolved(struct export_line *out, struct export_stream *stream)
{
	const char *wrong;

	(void)stream;
	if (replay_resolved(&out->story, &out->winner, out->object, &wrong))
		return wrong;
	out->refusals = out->story.adds > 0 ? (uint64_t)out->story.adds : 0;
	recall(out, out->story.incident);
	return NULL;
}

static const char *read_lost(struct export_line *out, struct export_stream *stream)
{
	struct replay r = { 0 };
	const char *wrong;
	bool unwritten;

	(void)stream;
	if (replay_lost(&out->lost, &unwritten, out->object, &wrong))
		return wrong;
	replay_text(&r, out->object, "stage", out->stage, sizeof(out->stage));
	return r.wrong;
}

static const char *read_clock(struct export_line *out, struct export_stream *stream)
{
	const char *wrong;

	(void)stream;
	return replay_clock(&out->change, out->object, &wrong) ? wrong : NULL;
}

static const char *read_footer(struct export_line *out, struct export_stream *stream)
{
	const char *wrong;

	(void)stream;
	return replay_totals(&out->totals, &out->goes_on, out->object, &wrong) ? wrong : NULL;
}

static const struct {
	const char *name;
	const char *(*read)(struct export_line *out, struct export_stream *stream);
} kinds[] = {
	[KIND_HEADER] = { "header", read_header }, [KIND_FAILURE] = { "failure", read_failure },
	[KIND_FOLDED] = { "folded", read_folded }, [KIND_RESOLVED] = { "resolved", read_resolved },
	[KIND_LOST] = { "lost", read_lost },	   [KIND_CLOCK] = { "clock", read_clock },
	[KIND_FOOTER] = { "footer", read_footer },
};

const char *export_line_read(struct export_line *out, const struct line *line,
			     struct export_stream *stream, struct event *event)
{
	enum line_fault fault;
	const char *wrong = NULL;
	unsigned kind;

	*out = (struct export_line){ .stream = stream, .event = event };
	fault = line_parse(line, &out->tree, &out->object);
	if (fault) {
		export_line_free(out);
		return line_fault_text(fault);
	}
	out->bytes = line->bytes;
	out->n = line->n - line->ended;
	if (replay_line(&out->about, out->object, &wrong))
		goto unusable;
	for (kind = 0; kind < KIND_OTHER && strcmp(kinds[kind].name, out->about.kind); kind++)
		;
	out->kind = (enum line_kind)kind;
	if (kind < KIND_OTHER)
		wrong = kinds[kind].read(out, stream);
	if (!wrong)
		return NULL;
unusable:
	export_line_free(out);
	return "has a value that cannot be used";
}

void export_line_free(struct export_line *line)
{
	value_free(&line->tree);
	line->object = NULL;
}
