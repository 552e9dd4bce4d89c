// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The rows of a report that say who has the ports of a range. */
#include "sink/text_parts.h"

static void add_ports(struct page *p, unsigned ports, bool first)
{
	page_row(p, first ? "held" : "");
	text_printf(&p->t, "%u port%s by ", ports, ports == 1 ? "" : "s");
}

void page_census(struct page *p, const struct event *e)
{
	const struct census *c = &e->census;

	for (unsigned i = 0; i < c->n_users; i++) {
		const struct process *who = &c->users[i].who;

		add_ports(p, c->users[i].ports, !i);
		page_pid(p, who->comm, who->pid);
		if (who->pid == e->asker.pid && who->start_ns == e->asker.start_ns) {
			text_add(&p->t, ", the asker itself");
		} else {
			page_command(p, who);
			page_unit(p, e, who);
		}
		text_add(&p->t, "\n");
	}
	if (c->more_users) {
		page_row(p, "");
		text_printf(&p->t, "and %u more processes have some\n", c->more_users);
	}
}
