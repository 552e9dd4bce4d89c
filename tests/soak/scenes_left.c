// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* What connections leave behind. */
#include "scene.h"

/* What is left when a process has closed first, and has ended. half: its peer has not closed yet. */
static void leave(struct scene *s, struct asker *a, bool half)
{
	struct child closer;
	int fd;

	a->may_pass = true;
	start_asker(a);
	if (start_child(&closer)) {
		int listener = listen_on(s->ep, 0);

		signal_parent(&closer);
		fd = accept_from(listener);
		shut(listener);
		shut(fd);
		exit(0);
	}
	a->t->closer = closer.pid;
	wait_child(&closer);
	fd = connect_to(s->ep);
	end_child(&closer);
	await_eof(fd);
	if (!half)
		shut(fd);
	if (!comes_mini(s->port, half ? TCP_FIN_WAIT2 : TCP_TIME_WAIT))
		a->times = 0;
	a->t->lasting = true; /* a minute */
	if (!s->hasty)
		let_ask(a);
	end_asker(a);
}

void play_time_wait(struct scene *s)
{
	struct asker a;

	s->ep = at("127.0.0.1", s->port);
	plan_about(s, &a, "tcp", "time_wait", "time_wait");
	leave(s, &a, false);
}

void play_fin_wait2(struct scene *s)
{
	struct asker a;

	s->ep = at("127.0.0.1", s->port);
	plan_about(s, &a, "tcp", "fin_wait2", "fin_wait2");
	leave(s, &a, true);
}
