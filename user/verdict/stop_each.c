// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* UDP: several sockets in the way, each to be ended by itself. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "verdict/verdict.h"

/* Who has to let go, and how. */
struct stopped {
	struct text text, command;
	const struct process *processes[EVENT_MAX_PROCESSES];
	unsigned n;
	bool by_hand; /* one is the asker itself, or has no command of its own (verdict_stop_command) */
};

/* One command stops all processes of a unit. */
static void stop_by_command(struct stopped *s, const struct event *e, const struct process *p)
{
	char command[EVENT_TEXT], earlier[EVENT_TEXT];
	struct text t;

	text_init(&t, command, sizeof(command));
	s->by_hand |= !verdict_stop_command(e, p, &t);
	for (unsigned i = 0; i < s->n; i++) {
		text_init(&t, earlier, sizeof(earlier));
		verdict_stop_command(e, s->processes[i], &t);
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
	if (own) {
		s->by_hand = true;
		text_printf(&s->text, "%sclose descriptor %d here", comma, p->fd);
	} else {
		text_printf(&s->text, "%sstop ", comma);
		verdict_stop_name(p, &s->text);
		stop_by_command(s, e, p);
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
