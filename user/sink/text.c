// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "sink/text.h"

#include <errno.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "model/endpoint.h"
#include "sink/text_parts.h"

/* "tcp 127.0.0.1:8000", "unix /run/app.sock", "tcp 0.0.0.0:0 -> 192.0.2.1:443" */
static void add_asked(struct page *p, const struct bt_record *r)
{
	struct text *t = &p->t;

	page_protocol(p, &r->sock);
	if (!endpoint_asked(r) && r->sock.family == AF_UNIX)
		text_add(t, r->operation == BT_OP_LISTEN ? "(no name)" : "(no usable name)");
	else if (r->sock.family == AF_UNIX)
		endpoint_add_unix(t, r->path, r->path_len);
	else if (endpoint_asked(r))
		endpoint_add_local(t, &r->sock);
	else if (r->operation == BT_OP_LISTEN)
		text_add(t, "(no socket)");
	else
		text_printf(t, "(no usable address: family %u, %u bytes)", r->sa_family,
			    r->addr_len);
	if (r->sock.protocol == IPPROTO_RAW)
		text_printf(t, " (IP protocol %u)", r->bound_port);
	if (r->more_len)
		text_add(t, " (the first of several addresses)");
	if (r->sock.peer_port) {
		text_add(t, " -> ");
		endpoint_add_peer(t, &r->sock);
	}
}

static void add_title(struct page *p, const struct event *e)
{
	const struct bt_record *r = &e->rec;

	if (!e->trial)
		page_time(p, e->realtime_ns);
	page_styled(p, RED, operation_name(r->operation));
	page_styled(p, RED, e->trial ? " would be refused:" : " refused:");
	text_add(&p->t, " ");
	if (p->o->color)
		text_add(&p->t, "\033[1m");
	add_asked(p, r);
	if (p->o->color)
		text_add(&p->t, "\033[0m");
	text_printf(&p->t, "  %s", errno_name(r->error));
	if (!strcmp(errno_name(r->error), "E?"))
		text_printf(&p->t, " %u", r->error);
	if (e->repeat.count > 1) {
		text_printf(&p->t, "  (%" PRIu64 " times", e->repeat.count);
		if (e->repeat.first_ns && e->repeat.first_ns <= r->hdr.boottime_ns) {
			text_add(&p->t, " in ");
			clock_add_span(&p->t, r->hdr.boottime_ns - e->repeat.first_ns);
		}
		text_add(&p->t, ")");
	}
	text_add(&p->t, "\n");
}

static void add_more_of_asker(struct page *p, const struct event *e)
{
	const struct process *who = &e->asker;

	page_row(p, "");
	if (who->n_parents || who->ppid) {
		text_add(&p->t, "started by ");
		if (who->n_parents)
			page_parents(p, who);
		else
			page_pid(p, e->parent_comm, who->ppid);
		text_add(&p->t, ", ");
	}
	if (who->exe[0]) {
		text_add(&p->t, "program ");
		page_escaped(p, who->exe);
		text_add(&p->t, ", ");
	}
	text_printf(&p->t, "network namespace %u", e->rec.task.netns);
	if (e->netns_name[0]) {
		text_add(&p->t, " (");
		page_escaped(p, e->netns_name);
		text_add(&p->t, ")");
	}
	text_add(&p->t, "\n");
}

static void add_user(struct page *p, const struct process *who)
{
	text_printf(&p->t, "uid %u", who->uid);
	if (!who->user[0])
		return;
	text_add(&p->t, " (");
	page_escaped(p, who->user);
	text_add(&p->t, ")");
}

/* Of a trial there is no more to tell than for whom it was made. */
static void add_asker(struct page *p, const struct event *e)
{
	const struct process *who = &e->asker;

	page_row(p, "who");
	if (!e->trial) {
		page_pid(p, who->comm, who->pid);
		page_command(p, who);
		text_add(&p->t, "  ");
	}
	add_user(p, who);
	if (!e->trial)
		page_unit(p, e, who);
	if (e->rec.uring)
		text_add(&p->t, "  through io_uring");
	if (e->rec.sock.kernel)
		text_add(&p->t, "  for which the kernel binds a socket of its own");
	if (e->netns_foreign && e->netns_name[0]) {
		text_add(&p->t, "  netns ");
		page_escaped(p, e->netns_name);
	}
	text_add(&p->t, "\n");
	if (p->o->verbose && !e->trial)
		add_more_of_asker(p, e);
}

/* What the snapshot does not show although one would look for it here. */
static void add_doubts(struct page *p, const struct event *e)
{
	if (e->verdict.layer != LAYER_PORT_TABLE || e->rec.error != EADDRINUSE ||
	    e->verdict.reason == REASON_EPHEMERAL_EXHAUSTED)
		return;
	if (!e->rec.walk && e->rec.sock.family == AF_UNIX) {
		page_row(p, "held");
		text_add(&p->t, "not seen: the socket that has the name was not found\n");
	} else if (!e->rec.walk && e->holders_from_files) {
		page_row(p, "held");
		text_add(&p->t, "not seen: no process had it open when it was looked for, a moment "
				"later\n");
	} else if (!e->rec.walk) {
		page_row(p, "held");
		text_add(&p->t, "not seen: the port's sockets could not be read\n");
	} else if (e->rec.walk & BT_WALK_STALE) {
		page_row(p, "");
		text_add(&p->t,
			 "the port's sockets changed while they were read: some may be missing\n");
	}
}

/* ", at 09:42:07.6", in the kind of time that the report begins with */
static void add_tenths(struct text *t, const struct text_options *o, uint64_t realtime_ns)
{
	char time[CLOCK_TEXT];

	if (o->timestamps) {
		clock_rfc3339(realtime_ns, time);
		text_printf(t, ", at %.21sZ", time);
	} else {
		clock_local(realtime_ns, 1, time);
		text_printf(t, ", at %s", time);
	}
}

/* 60.4 s after 09:41:07.123 is 09:42:07.6: rounded up, like the wait. */
static void add_frees(struct page *p, const struct event *e)
{
	const struct verdict *v = &e->verdict;
	uint64_t wait = v->frees_in_ns > 0 ? (uint64_t)v->frees_in_ns : 0;
	char at[3 * CLOCK_TEXT];
	struct text t;

	if (!v->has_frees_in)
		return;
	text_init(&t, at, sizeof(at));
	text_add(&t, v->frees_at_least ? "in at least " : "in ");
	clock_add_wait(&t, wait);
	add_tenths(&t, p->o, e->realtime_ns + wait + 99999999);
	text_add(&t, v->frees_at_least ? " or later" : "");
	page_row(p, "frees");
	page_styled(p, GREEN, at);
	text_add(&p->t, "\n");
}

/* One a row; a command stands at the end of its row, ready to be copied. */
static void add_advice(struct page *p, const struct verdict *v)
{
	for (unsigned i = 0; i < v->n_advice && i < EVENT_MAX_ADVICE; i++) {
		const struct advice *a = &v->advice[i];

		page_row(p, i ? "" : "do");
		page_escaped(p, a->text);
		if (a->command[0]) {
			text_add(&p->t, ":  ");
			page_escaped(p, a->command);
		}
		text_add(&p->t, "\n");
	}
}

static void add_refusal(struct page *p, const struct event *e)
{
	add_title(p, e);
	add_asker(p, e);
	page_holders(p, e);
	page_census(p, e);
	add_doubts(p, e);
	if (e->verdict.summary[0]) {
		page_row(p, "why");
		page_escaped(p, e->verdict.summary);
		text_add(&p->t, "\n");
	}
	add_frees(p, e);
	add_advice(p, &e->verdict);
}

static void add_bound(struct page *p, const struct event *e)
{
	page_time(p, e->realtime_ns);
	text_add(&p->t, e->rec.operation == BT_OP_LISTEN ? "listening " : "bound ");
	add_asked(p, &e->rec);
	text_add(&p->t, " by ");
	page_pid(p, e->asker.comm, e->asker.pid);
	text_add(&p->t, "\n");
}

int text_event(int fd, const struct text_options *o, const struct event *e)
{
	struct page p;

	page_init(&p, o);
	if (e->rec.hdr.kind == BT_KIND_BOUND)
		add_bound(&p, e);
	else
		add_refusal(&p, e);
	return page_write(&p, fd);
}
