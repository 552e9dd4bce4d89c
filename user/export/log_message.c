// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "export/log_message.h"

#include <inttypes.h>
#include <string.h>
#include <sys/socket.h>
#include <syslog.h>

#include "base/clock.h"
#include "model/endpoint.h"

bool log_message_wanted(const struct export_line *l)
{
	return l->kind != KIND_OTHER;
}

int log_message_severity(const struct export_line *l)
{
	switch (l->kind) {
	case KIND_FAILURE:
		return l->event->verdict.has_frees_in ? LOG_WARNING : LOG_ERR;
	case KIND_FOLDED:
	case KIND_LOST:
		return LOG_WARNING;
	case KIND_RESOLVED:
	case KIND_CLOCK:
		return LOG_NOTICE;
	default:
		return LOG_INFO;
	}
}

const struct process *log_message_process(const struct export_line *l)
{
	const struct process *who = NULL;

	if (l->kind == KIND_FAILURE)
		who = &l->event->asker;
	else if (l->kind == KIND_RESOLVED)
		who = &l->winner;
	return who && who->pid ? who : NULL;
}

/* Of those who have it open the first; what is left of a connection belongs to who closed it. */
static const struct process *whose(const struct event *e, const struct holder *h)
{
	if (h->n_processes)
		return &e->processes[h->first_process];
	if (h->closer.pid)
		return &h->closer;
	return h->opener.pid ? &h->opener : NULL;
}

const struct process *log_message_holder(const struct export_line *l)
{
	if (l->kind != KIND_FAILURE || l->event->verdict.decisive < 0)
		return NULL;
	return whose(l->event, event_decisive(l->event));
}

static const char *plural(uint64_t n)
{
	return n == 1 ? "" : "s";
}

static void add_process(struct text *t, const char *comm, uint32_t pid)
{
	if (comm[0])
		text_escape(t, comm, strlen(comm));
	else
		text_add(t, "?");
	text_printf(t, "[%" PRIu32 "]", pid);
}

static void add_asked(struct text *t, const struct bt_record *r)
{
	const char *protocol = endpoint_protocol(&r->sock);

	if (protocol)
		text_printf(t, "%s ", protocol);
	if (!endpoint_asked(r))
		text_add(t, "(no usable address)");
	else if (r->sock.family == AF_UNIX)
		endpoint_add_unix(t, r->path, r->path_len);
	else
		endpoint_add_local(t, &r->sock);
	if (r->sock.peer_port) {
		text_add(t, " -> ");
		endpoint_add_peer(t, &r->sock);
	}
}

static void add_holder(struct text *t, const struct export_line *l)
{
	const struct process *who = log_message_holder(l);
	const struct holder *h;

	if (!who)
		return;
	h = event_decisive(l->event);
	if (h->n_processes)
		text_add(t, "; held by ");
	else
		text_add(t, who == &h->closer ? "; closed by " : "; bound by ");
	add_process(t, who->comm, who->pid);
	if (h->n_processes > 1 || h->more_processes)
		text_printf(t, " and %u more", h->n_processes - 1u + h->more_processes);
}

static void add_failure(struct text *t, const struct export_line *l)
{
	const struct event *e = l->event;

	text_printf(t, "%s refused: ", operation_name(e->rec.operation));
	add_asked(t, &e->rec);
	text_printf(t, " %s", errno_name(e->rec.error));
	if (e->asker.pid) {
		text_add(t, ", ");
		add_process(t, e->asker.comm, e->asker.pid);
	}
	if (e->verdict.summary[0]) {
		text_add(t, "; ");
		text_escape(t, e->verdict.summary, strlen(e->verdict.summary));
	}
	add_holder(t, l);
	if (!e->verdict.has_frees_in)
		return;
	text_add(t, e->verdict.frees_at_least ? "; frees in at least " : "; frees in ");
	clock_add_wait(t, e->verdict.frees_in_ns > 0 ? (uint64_t)e->verdict.frees_in_ns : 0);
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

/* What it means for the times that messages before have told. */
static void add_clock(struct text *t, const struct clock_change *change)
{
	bool back = change->set_ns < 0;

	if (change->set_ns) {
		text_printf(t, "clock set %s by ", back ? "back" : "forward");
		clock_add_span(t, back ? -(uint64_t)change->set_ns : (uint64_t)change->set_ns);
		text_printf(t, ": every time told before, also when a port frees, is so much %s",
			    back ? "earlier" : "later");
	}
	if (change->slept_ns) {
		text_add(t, change->set_ns ? "; asleep for " : "asleep for ");
		clock_add_span(t, change->slept_ns);
		text_add(t, ": ports that were to free by themselves do so that much later");
	}
	if (!change->set_ns && !change->slept_ns)
		text_add(t, "clock changed");
}

static void add_footer(struct text *t, const struct export_line *l)
{
	const struct totals *n = &l->totals;

	if (l->goes_on)
		text_add(t, "the recording goes on in another file");
	else
		text_printf(t,
			    "tracing ended: refused %" PRIu64 " = printed %" PRIu64
			    " + folded %" PRIu64 " + lost %" PRIu64,
			    n->printed + n->folded + n->lost, n->printed, n->folded, n->lost);
}

void log_message_add(struct text *t, const struct export_line *l)
{
	switch (l->kind) {
	case KIND_HEADER:
		text_printf(t, "watching for refused binds by %s, bindtrace ",
			    hook_name(l->stream->coverage.hook));
		text_escape(t, l->stream->version, strlen(l->stream->version));
		break;
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
	case KIND_CLOCK:
		add_clock(t, &l->change);
		break;
	case KIND_FOOTER:
		add_footer(t, l);
		break;
	case KIND_OTHER:
		break;
	}
}
