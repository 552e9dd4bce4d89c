// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Who has a socket in the way, or had it: within a row of a report. */
#include <string.h>

#include "base/clock.h"
#include "model/endpoint.h"
#include "sink/text_parts.h"

enum { SHOWN_PROCESSES = 3 };

static bool same_process(const struct process *a, const struct process *b)
{
	return a->pid == b->pid && a->start_ns == b->start_ns;
}

/* " (the asker's parent, the same program, started 3 min ago, its own parent has exited)" */
static void add_family(struct page *p, const struct event *e, const struct process *who)
{
	uint64_t now = e->rec.hdr.boottime_ns;
	const char *before = " (";

	if (who->relation == RELATION_PARENT || who->relation == RELATION_CHILD) {
		text_add(&p->t, before);
		text_add(&p->t, who->relation == RELATION_PARENT ? "the asker's parent"
								 : "a child of the asker");
		before = ", ";
	}
	if (who->same_program) {
		text_printf(&p->t, "%sthe same program, started ", before);
		clock_add_span(&p->t, now > who->start_ns ? now - who->start_ns : 0);
		text_add(&p->t, " ago");
		before = ", ";
	}
	if (who->orphaned) {
		text_printf(&p->t, "%sits own parent has exited", before);
		before = ", ";
	}
	text_add(&p->t, before[0] == ',' ? ")" : "");
}

/* " -> container web (docker) at 172.17.0.2:80" */
static void add_forward(struct page *p, const struct event *e, const struct process *who)
{
	if (!who->container.id[0] && !who->to_family)
		return;
	text_add(&p->t, " -> ");
	if (who->container.id[0]) {
		text_add(&p->t, "container ");
		page_container(p, e, who);
		text_add(&p->t, who->to_family ? " at " : "");
	}
	if (who->to_family)
		endpoint_add(&p->t, who->to_addr, who->to_family, who->to_port, 0);
}

/* python3[4188] "python3 app.py" (exited); before is who the row above named, or NULL */
static void add_process(struct page *p, const struct event *e, const struct process *who,
			const struct process *before)
{
	if (before && same_process(who, before)) {
		text_add(&p->t, "the same process");
		return;
	}
	page_pid(p, who->comm, who->pid);
	if (same_process(who, &e->asker))
		text_add(&p->t, ", the asker itself");
	else
		page_command(p, who);
	if (who->alive == 0)
		text_add(&p->t, " (exited)");
	else if (who->stopped == 1)
		text_add(&p->t, who->shell.pid ? " (stopped, as by Ctrl-Z)" : " (stopped)");
	add_family(p, e, who);
	if (who->forwards)
		add_forward(p, e, who);
}

static void add_ago(struct page *p, const struct event *e, uint64_t time_ns)
{
	uint64_t now = e->rec.hdr.boottime_ns;

	if (!time_ns)
		return;
	text_add(&p->t, " ");
	clock_add_span(&p->t, now > time_ns ? now - time_ns : 0);
	text_add(&p->t, " ago");
}

static void add_span(struct page *p, const struct event *e, uint64_t time_ns)
{
	uint64_t now = e->rec.hdr.boottime_ns;

	if (!time_ns)
		return;
	text_add(&p->t, " for ");
	clock_add_span(&p->t, now > time_ns ? now - time_ns : 0);
}

/* This one among the first n processes of the list; NULL: it is not. Pid 0 is nobody. */
static const struct process *find_process(const struct process *list, unsigned n,
					  const struct process *who)
{
	for (unsigned i = 0; i < n && who->pid; i++)
		if (same_process(&list[i], who))
			return &list[i];
	return NULL;
}

/* The processes that have the socket open, but for one that is named already; word is said before them. */
static void add_others(struct page *p, const struct event *e, const struct holder *h,
		       const struct process *named, const char *word)
{
	const struct process *list = &e->processes[h->first_process];
	unsigned shown = 0, more = h->more_processes;

	for (unsigned i = 0; i < h->n_processes; i++) {
		const struct process *who = &list[i];

		if ((named && same_process(who, named)) || find_process(list, i, who))
			continue;
		if (shown == SHOWN_PROCESSES && !p->o->wide) {
			more++;
			continue;
		}
		text_add(&p->t, shown ? ", " : word);
		/* the first is who to talk to: all of it; the others are mostly its likes */
		if (!shown && !named) {
			add_process(p, e, who, NULL);
			page_unit(p, e, who);
		} else {
			page_pid(p, who->comm, who->pid);
		}
		shown++;
	}
	if (more)
		text_printf(&p->t, " and %u more", more);
}

/* The opener is gone, or has given the socket away: it is part of the story all the same. */
static void add_past_opener(struct page *p, const struct event *e, const struct holder *h,
			    const struct process *before)
{
	const char *word = h->role == ROLE_OUTGOING ? ", connected by " : ", opened by ";

	text_add(&p->t, h->opener.time_ns ? word : ", when tracing began open in ");
	add_process(p, e, &h->opener, before);
	add_ago(p, e, h->opener.time_ns);
}

/* ' by nginx[812] "nginx: master process" for 3 min  unit nginx.service, shared with nginx[813]' */
static void add_opener(struct page *p, const struct event *e, const struct holder *h,
		       const struct process *opener, const struct process *before)
{
	bool asker = same_process(opener, &e->asker);

	text_add(&p->t, " by ");
	add_process(p, e, opener, before);
	text_add(&p->t, asker && h->opener.time_ns ? "," : "");
	add_span(p, e, h->opener.time_ns);
	if (!(before && same_process(opener, before)) && !asker)
		page_unit(p, e, opener);
	add_others(p, e, h, opener, ", shared with ");
}

void page_owners(struct page *p, const struct event *e, const struct holder *h,
		 const struct process *before)
{
	const struct bt_sock *s = &e->rec.holders[h - e->holders].sock;
	const struct process *now =
		find_process(&e->processes[h->first_process], h->n_processes, &h->opener);

	if (now) {
		/* another program by now, or one of its threads was seen: as ps shows it */
		add_opener(p, e, h, strcmp(now->comm, h->opener.comm) ? now : &h->opener, before);
		return;
	}
	add_others(p, e, h, NULL, " by ");
	if (h->opener.pid)
		add_past_opener(p, e, h, before);
	if (h->n_processes || h->more_processes)
		return;
	if (s->kernel)
		text_add(&p->t, ", a socket of the kernel's own");
	else if (h->role == ROLE_ORPHAN || e->sharers_known)
		text_add(&p->t, e->sharers_known && h->role != ROLE_UNIX && s->inode
					? ", no process has it open now (it is closed, or io_uring "
					  "or a message under way has it)"
					: ", no process has it open");
	else if (!h->opener.pid)
		text_add(&p->t, ", owner not seen");
}

void page_closer(struct page *p, const struct event *e, const struct holder *h,
		 const struct process *before)
{
	if (!h->closer.pid) {
		text_add(&p->t, ", closer not seen");
		return;
	}
	text_add(&p->t, ", closed by ");
	add_process(p, e, &h->closer, before);
	add_ago(p, e, h->closer.time_ns);
}
