// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The lines that are about more than one event, or about none. */
#include <inttypes.h>
#include <string.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "model/endpoint.h"
#include "sink/text.h"
#include "sink/text_parts.h"

/* The endpoint of refusals that are told together; a peer may be another each time. */
static void add_folded(struct page *p, const struct folded *of)
{
	struct bt_sock s = endpoint_folded(of);
	const char *protocol = endpoint_protocol(&s);

	if (protocol)
		text_printf(&p->t, "%s ", protocol);
	if (!of->named)
		text_add(&p->t, "(no usable address)");
	else if (s.family == AF_UNIX)
		endpoint_add_unix(&p->t, of->path, of->path_len);
	else
		endpoint_add_local(&p->t, &s);
}

int text_folded(int fd, const struct text_options *o, const struct folded *of,
		const struct repeat *repeat, uint64_t realtime_ns)
{
	struct page p;

	page_init(&p, o);
	page_time(&p, realtime_ns);
	text_printf(&p.t, "... %" PRId64 " more refusal%s", repeat->adds,
		    repeat->adds == 1 ? "" : "s");
	if (!of->key.pid) {
		text_add(&p.t, ", equal to some that were told of\n");
		return page_write(&p, fd);
	}
	text_add(&p.t, " of the same by ");
	page_pid(&p, of->comm, of->key.pid);
	text_add(&p.t, " in ");
	clock_add_span(&p.t, repeat->since_ns);
	text_printf(&p.t, ": %s ", operation_name(of->key.operation));
	add_folded(&p, of);
	text_printf(&p.t, "  %s\n", errno_name(of->key.error));
	return page_write(&p, fd);
}

int text_resolved(int fd, const struct text_options *o, const struct resolution *story,
		  const struct process *who, uint64_t realtime_ns)
{
	struct page p;

	page_init(&p, o);
	page_time(&p, realtime_ns);
	page_styled(&p, GREEN, "resolved:");
	text_printf(&p.t, " %s ", protocol_name(story->asked.protocol));
	endpoint_add_local(&p.t, &story->asked);
	text_add(&p.t, story->operation == BT_OP_LISTEN ? " listened on by " : " bound by ");
	page_pid(&p, who->comm, who->pid);
	text_add(&p.t, " after ");
	clock_add_span(&p.t, story->after_ns);
	text_printf(&p.t, " and %" PRIu64 " refusal%s\n", story->refusals,
		    story->refusals == 1 ? "" : "s");
	return page_write(&p, fd);
}

void text_add_endpoint(struct text *t, const struct answer *a)
{
	if (a->asked.family == AF_UNIX) {
		text_add(t, "unix ");
		text_escape(t, a->path, strlen(a->path));
		return;
	}
	text_printf(t, "%s ", protocol_name(a->asked.protocol));
	endpoint_add_local(t, &a->asked);
}

int text_untraced(int fd, const struct text_options *o, const struct answer *a)
{
	struct page p;

	page_init(&p, o);
	page_styled(&p, RED, a->operation);
	page_styled(&p, RED, " would be refused:");
	text_add(&p.t, " ");
	text_add_endpoint(&p.t, a);
	text_printf(&p.t, "  %s\n", errno_name(a->error));
	page_row(&p, "why");
	page_escaped(&p, a->summary);
	text_add(&p.t, "\n");
	if (a->command[0]) {
		page_row(&p, "do");
		page_escaped(&p, a->command);
		text_add(&p.t, "\n");
	}
	return page_write(&p, fd);
}

static void add_name(struct text *t, const char *before, const struct process *who)
{
	text_add(t, before);
	text_escape(t, who->comm, strlen(who->comm));
	text_printf(t, "[%u]", who->pid);
}

/* Who has it; for what is closing, who closed it. */
static void add_whose(struct text *t, const struct event *e, const struct holder *h)
{
	if (h->n_processes)
		add_name(t, " by ", &e->processes[h->first_process]);
	else if (h->closer.pid)
		add_name(t, ", closed by ", &h->closer);
	else if (h->opener.pid)
		add_name(t, h->opener.time_ns ? ", opened by " : ", once open in ", &h->opener);
}

void text_add_obstacle(struct text *t, const struct event *e, uint64_t boottime_ns)
{
	const struct verdict *v = &e->verdict;
	uint64_t end = e->rec.hdr.boottime_ns + (v->frees_in_ns > 0 ? (uint64_t)v->frees_in_ns : 0);
	const struct bt_sock *s;
	char state[24];

	if (v->decisive < 0) {
		text_add(t, errno_name(e->rec.error));
		return;
	}
	s = &e->rec.holders[v->decisive].sock;
	state_words(s, state);
	text_add(t, state);
	add_whose(t, e, event_decisive(e));
	if (e->rec.totals.blocking > 1)
		text_printf(t, " and %u more", e->rec.totals.blocking - 1);
	if (!v->has_frees_in)
		return;
	text_add(t, v->frees_at_least ? ", frees in at least " : ", frees in ");
	clock_add_wait(t, end > boottime_ns ? end - boottime_ns : 0);
}
