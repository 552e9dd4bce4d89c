// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* UDP: several sockets in the way, each to be ended by itself. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "verdict/verdict.h"

static bool ends_with(const char *s, const char *end)
{
	size_t n = strlen(s), m = strlen(end);

	return n >= m && !strcmp(s + n - m, end);
}

/* A signal to pid 1 ends the wrong thing, and what runs a container would start it again. */
static bool has_command(const struct process *p)
{
	return p->pid != 1 && !p->container.id[0] && !p->forwards;
}

/* The owner's own stop command; only the service manager's where it has one, a kind signal otherwise. */
static void add_stop_command(struct text *t, const struct process *p)
{
	if (ends_with(p->unit, ".service") && !strstr(p->cgroup, "/user@"))
		text_printf(t, "systemctl stop %s", p->unit);
	else if (ends_with(p->unit, ".service") && !ends_with(p->unit, "@.service") &&
		 strncmp(p->unit, "user@", 5))
		text_printf(t, "systemctl --user stop %s", p->unit);
	else
		text_printf(t, "kill %u", p->pid);
}

/* Who has to let go for advise_stop_each(), and how. */
struct stopped {
	struct text text, command;
	const struct process *processes[EVENT_MAX_PROCESSES];
	unsigned n;
	bool by_hand; /* one is the asker, pid 1, or in a container: no command of ours ends that */
};

/* One command stops all processes of a unit. */
static void stop_by_command(struct stopped *s, const struct process *p)
{
	char command[EVENT_TEXT], earlier[EVENT_TEXT];
	struct text t;

	text_init(&t, command, sizeof(command));
	add_stop_command(&t, p);
	for (unsigned i = 0; i < s->n; i++) {
		text_init(&t, earlier, sizeof(earlier));
		add_stop_command(&t, s->processes[i]);
		if (!strcmp(command, earlier))
			return;
	}
	text_printf(&s->command, "%s%s", s->command.len ? "; " : "", command);
}

static void stop_process(struct stopped *s, const struct event *e, const struct process *p)
{
	const char *comma = s->n ? ", " : "";
	bool own = p->pid == e->asker.pid;

	for (unsigned i = 0; i < s->n; i++)
		if (s->processes[i]->pid == p->pid && !own)
			return;
	if (s->n == EVENT_MAX_PROCESSES)
		return;
	s->by_hand |= !has_command(p) || own;
	if (own) {
		text_printf(&s->text, "%sclose descriptor %d here", comma, p->fd);
	} else {
		text_printf(&s->text, "%sstop %s[%u]", comma, p->comm, p->pid);
		if (has_command(p))
			stop_by_command(s, p);
	}
	s->processes[s->n++] = p;
}

/*
 * Sockets of UDP are nobody's children: when several are in the way, each has to go. A command that names
 * only some of them would promise too much.
 */
void verdict_advise_stop_each(struct event *e)
{
	char text[EVENT_TEXT], command[EVENT_TEXT];
	struct stopped s = { .n = 0 };
	unsigned named = 0, i, j;
	struct advice *a;

	text_init(&s.text, text, sizeof(text));
	text_init(&s.command, command, sizeof(command));
	text_printf(&s.text, "%u sockets are in the way: ", e->rec.totals.blocking);
	for (i = 0; i < e->rec.n_holders; i++) {
		const struct holder *h = &e->holders[i];

		if (!h->pair.blocks || !h->n_processes)
			continue;
		named += !h->more_processes;
		for (j = 0; j < h->n_processes; j++)
			stop_process(&s, e, &e->processes[h->first_process + j]);
	}
	if (!s.n)
		return;
	if (named < e->rec.totals.blocking)
		text_add(&s.text, " and whoever has the others");
	a = verdict_advise(e, ACTION_STOP_HOLDER, EFFECTIVE_NOW, text);
	if (a && named == e->rec.totals.blocking && !s.by_hand && !s.command.cut)
		snprintf(a->command, sizeof(a->command), "%s", command);
}
