// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "export/sentence.h"

#include <inttypes.h>
#include <string.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "model/endpoint.h"

static const char *plural(uint64_t n)
{
	return n == 1 ? "" : "s";
}

static void add_process(struct text *t, const char *comm, uint32_t pid)
{
	text_escape(t, comm, strlen(comm));
	text_printf(t, "[%" PRIu32 "]", pid);
}

static void add_failure(struct text *t, const struct export_line *l)
{
	const char *summary = l->event->verdict.summary;

	if (summary[0])
		text_escape(t, summary, strlen(summary));
	else
		text_printf(t, "%s refused: %s", operation_name(l->event->rec.operation),
			    errno_name(l->error));
}

static void add_folded(struct text *t, const struct export_line *l)
{
	const struct bt_sock asked = endpoint_folded(&l->folded);

	text_printf(t, "%" PRIu64 " more refusal%s", l->refusals, plural(l->refusals));
	if (!l->folded.key.pid)
		return;
	text_printf(t, " of %s ", operation_name(l->folded.key.operation));
	if (asked.family == AF_UNIX) {
		text_add(t, "unix ");
		endpoint_add_unix(t, l->folded.path, l->folded.path_len);
	} else if (l->folded.named) {
		text_printf(t, "%s ", protocol_name(asked.protocol));
		endpoint_add_local(t, &asked);
	}
	text_printf(t, " (%s) to ", errno_name(l->error));
	add_process(t, l->folded.comm, l->folded.key.pid);
}

static void add_resolved(struct text *t, const struct export_line *l)
{
	const struct resolution *story = &l->story;

	text_printf(t, "%s ", protocol_name(story->asked.protocol));
	endpoint_add_local(t, &story->asked);
	text_add(t, story->operation == BT_OP_LISTEN ? " listened on" : " bound");
	if (l->winner.pid) {
		text_add(t, " by ");
		add_process(t, l->winner.comm, l->winner.pid);
	}
	text_add(t, " after ");
	clock_add_span(t, story->after_ns);
	text_printf(t, " and %" PRIu64 " refusal%s", story->refusals, plural(story->refusals));
}

static void add_lost(struct text *t, const struct export_line *l)
{
	text_printf(t, "%" PRIu64 " refusal%s lost", l->lost, l->lost == 1 ? " was" : "s were");
	if (!l->stage[0])
		return;
	text_add(t, " in ");
	text_escape(t, l->stage, strlen(l->stage));
}

void sentence_add(struct text *t, const struct export_line *l)
{
	switch (l->kind) {
	case KIND_FAILURE:
		add_failure(t, l);
		break;
	case KIND_FOLDED:
		add_folded(t, l);
		break;
	case KIND_RESOLVED:
		add_resolved(t, l);
		break;
	case KIND_LOST:
		add_lost(t, l);
		break;
	case KIND_HEADER:
	case KIND_FOOTER:
	case KIND_OTHER:
		break;
	}
}
