// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* UNIX sockets, a port that is fought for, errors that nobody is in the way of, and what succeeds. */
#include "scene.h"

/* ---- paths and names of UNIX sockets */

/* Of a path, what has become of it is looked at a moment later. */
static void plan_unix(struct scene *s, struct asker *a, bool stale, bool abstract)
{
	char name[32];

	snprintf(name, sizeof(name), "soak-%d-%u", (int)getpid(), s->port);
	s->ep = abstract ? at_abstract(name) : beside(name);
	plan_about(s, a, "unix", "unix_path_live|unix_path_stale|holder_gone", "listen");
	if (stale)
		a->t->reasons = "unix_path_stale";
	else if (abstract)
		a->t->reasons = "unix_abstract_in_use";
	else if (!s->hasty)
		a->t->reasons = "unix_path_live";
}

void play_unix(struct scene *s)
{
	bool stale = draw(2), abstract = !stale && draw(2);
	struct asker a;
	int fd;

	if (stale)
		s->hasty = false;
	plan_unix(s, &a, stale, abstract);
	start_asker(&a);
	fd = listen_on(s->ep, 0);
	if (stale)
		shut(fd);
	else
		add_pid(a.t->holders, getpid());
	a.t->lasting = !s->hasty;
	let_ask(&a);
	if (!stale)
		shut(fd);
	end_asker(&a);
}

/* ---- a port that goes from hand to hand: each is refused because of one of the others, or gets it */

static void pass_on(struct truth *t, struct ep ep)
{
	for (int i = 0; i < 25; i++) {
		int fd = new_socket(ep, 0);

		if (!bind(fd, &ep.sa, ep.len)) {
			if (i % 2)
				listen_ok(fd);
			atomic_fetch_add(&shared->calls, 1);
		} else {
			must(errno == EADDRINUSE, "another refusal than the port's");
			atomic_fetch_add(&t->asked, 1);
		}
		shut(fd);
	}
}

void play_relay(struct scene *s)
{
	struct truth *truths[3];
	struct child c[3];

	for (unsigned i = 0; i < 3; i++) {
		truths[i] = plan(s->ep, "tcp", EADDRINUSE);
		truths[i]->reasons = "listener|bound_not_listening|holder_gone";
		truths[i]->state = "listen|close";
		if (start_child(&c[i])) {
			take_name(truths[i]);
			truths[i]->asker = getpid();
			wait_parent(&c[i]);
			pass_on(truths[i], s->ep);
			exit(0);
		}
	}
	for (unsigned i = 0; i < 9; i++) {
		add_pid(truths[i / 3]->holders, c[i % 3].pid);
		add_pid(truths[i / 3]->makers, c[i % 3].pid);
	}
	for (unsigned i = 0; i < 3; i++)
		signal_child(&c[i]);
	for (unsigned i = 0; i < 3; i++)
		end_child(&c[i]);
}

/* ---- refusals that nobody else is in the way of */

void play_nobody(struct scene *s)
{
	static const struct {
		const char *address, *reason;
		int error;
	} ways[] = {
		{ "203.0.113.7", "address_not_local", EADDRNOTAVAIL },
		{ "127.0.0.1", "privileged_port", EACCES },
		{ "127.0.0.1", "already_bound", EINVAL },
	};
	unsigned way = draw(3);
	struct ep ep = at(ways[way].address, ways[way].error == EACCES ? 80 : s->port);
	struct truth *t = plan(ep, "tcp", ways[way].error);
	int fd = new_socket(ep, 0);

	t->asker = getpid();
	t->reasons = ways[way].reason;
	t->state = "";
	if (t->error == EINVAL)
		bind_ok(fd, with_port(ep, 0));
	must(t->error != EACCES || !seteuid(65534), "seteuid failed");
	bind_refused(fd, ep, t->error);
	atomic_fetch_add(&t->asked, 1);
	if (!s->hasty)
		await_told(t);
}

/* ---- what succeeds */

void play_quiet(struct scene *s)
{
	int listener = listen_on(s->ep, 0), fds[8];
	struct conn c = connection(listener, s->ep);

	for (unsigned i = 0; i < 8; i++)
		fds[i] = bound_on(with_port(s->ep, 0), i % 2 ? UDP : 0);
	for (unsigned i = 0; i < 8; i++)
		shut(fds[i]);
	shut(c.client); /* its TIME_WAIT is not on the port */
	await_eof(c.server);
	shut(c.server);
	shut(listener);
	atomic_fetch_add(&shared->calls, 11);
}
