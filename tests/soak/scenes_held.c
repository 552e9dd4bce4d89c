// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Sockets that processes have open, and of which nobody has but those who are known. */
#include "scene.h"

enum { MOST_SHARERS = 3 };

/* A socket of one process that others have inherited; the one that made it may have closed it. */
static void share(struct scene *s, struct asker *a, int (*make)(struct ep ep, unsigned options),
		  unsigned options)
{
	struct child sharers[MOST_SHARERS];
	unsigned n = draw(MOST_SHARERS + 1);
	bool stays = !n || draw(2);
	int fd;

	a->takes = !s->hasty;
	start_asker(a);
	fd = make(s->ep, options);
	add_pid(a->t->makers, getpid());
	if (stays)
		add_pid(a->t->holders, getpid());
	for (unsigned i = 0; i < n; i++)
		start_sharer(&sharers[i], a->t);
	if (!stays)
		shut(fd);
	a->t->lasting = !s->hasty;
	let_ask(a);
	if (stays)
		shut(fd);
	end_sharers(sharers, n, s->hasty);
	end_asker(a);
}

void play_listener(struct scene *s)
{
	struct asker a;

	plan_about(s, &a, "tcp", "listener", "listen");
	share(s, &a, listen_on, 0);
}

void play_bound(struct scene *s)
{
	struct asker a;

	plan_about(s, &a, "tcp", "bound_not_listening", "close");
	share(s, &a, bound_on, 0);
}

void play_udp(struct scene *s)
{
	struct asker a;

	plan_about(s, &a, "udp", "udp_in_use", "close");
	a.options = UDP;
	share(s, &a, bound_on, UDP);
}

/* Hundreds of equal refusals: one line and counts. */
void play_storm(struct scene *s)
{
	struct asker a;

	plan_about(s, &a, "tcp", "listener", "listen");
	a.times = 50 + draw(200);
	share(s, &a, listen_on, 0);
}

/* The listener is gone, a connection that it had is still there. */
void play_accepted(struct scene *s)
{
	struct child sharer;
	struct asker a;
	struct conn c;

	s->ep = at("127.0.0.1", s->port);
	plan_about(s, &a, "tcp", "accepted_connection", "established");
	start_asker(&a);
	c = lone_connection(s->ep, 0);
	add_pid(a.t->makers, getpid());
	add_pid(a.t->holders, getpid());
	start_sharer(&sharer, a.t);
	a.t->lasting = !s->hasty;
	let_ask(&a);
	shut(c.client);
	shut(c.server);
	end_sharers(&sharer, 1, s->hasty);
	end_asker(&a);
}
