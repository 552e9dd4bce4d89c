// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <string.h>

#include "base/clock.h"
#include "model/endpoint.h"
#include "sink/ports.h"
#include "sink/text_parts.h"

enum { SHOWN_SHARERS = 3, SHOWN_SINGLY = 4 };

static const struct process *first_of(const struct port_group *g, const struct port_socket *s)
{
	return &g->processes[s->first_process];
}

/* ' by nginx[812] "nginx: master process"  unit nginx.service, shared with nginx[813] and 3 more' */
static void add_owners(struct page *p, const struct port_group *g, const struct port_socket *s)
{
	const struct process *who = first_of(g, s);
	unsigned i, shown = p->o->wide ? s->n_processes : SHOWN_SHARERS + 1;

	if (!s->n_processes) {
		text_add(&p->t, s->sock.kernel ? ", a socket of the kernel's own"
				: s->sock.flags & BT_SOCK_NO_SOCKET
					? ", the kernel's: no process has it"
				: g->partial ? ", no process of this pid namespace has it open"
					     : ", no process has it open");
		return;
	}
	text_add(&p->t, " by ");
	page_pid(p, who->comm, who->pid);
	page_command(p, who);
	page_unit(p, NULL, who);
	for (i = 1; i < s->n_processes && i < shown; i++) {
		text_add(&p->t, i == 1 ? ", shared with " : ", ");
		page_pid(p, who[i].comm, who[i].pid);
	}
	if (i < s->n_processes)
		text_printf(&p->t, " and %u more", s->n_processes - i);
}

static void add_options(struct page *p, const struct bt_sock *s)
{
	if (!(s->flags & BT_SOCK_MINI))
		text_printf(&p->t, "  uid %u", s->uid);
	if (s->reuse)
		text_add(&p->t, "  SO_REUSEADDR");
	if (s->reuseport)
		text_add(&p->t, "  SO_REUSEPORT");
	if (s->family == AF_INET6 && s->v6only)
		text_add(&p->t, "  IPV6_V6ONLY");
}

/* Nobody has called accept() for it yet, unless somebody whom we do not see has. */
static bool is_unaccepted(const struct port_group *g, const struct port_socket *s)
{
	return !s->n_processes && s->sock.state == BT_TCP_ESTABLISHED &&
	       g->protocol == IPPROTO_TCP && (!g->partial || s->sock.flags & BT_SOCK_NO_SOCKET);
}

/* A socket in a row of its own: "  LISTEN 127.0.0.1:8000 by ..." */
static void add_socket(struct page *p, const struct port_group *g, const struct port_socket *s)
{
	const struct bt_sock *sock = &s->sock;
	char state[24];

	state_words(sock, state);
	text_add(&p->t, "  ");
	page_styled(p, BOLD,
		    g->protocol == IPPROTO_UDP && sock->state == BT_TCP_ESTABLISHED ? "CONNECTED"
										    : state);
	text_add(&p->t, " ");
	endpoint_add_local(&p->t, sock);
	if (s->more_addresses)
		text_printf(&p->t, " (and %u more address%s)", s->more_addresses,
			    s->more_addresses == 1 ? "" : "es");
	if (sock->peer_port) {
		text_add(&p->t, s->role == ROLE_OUTGOING   ? " -> "
				: s->role == ROLE_ACCEPTED ? " <- "
							   : " -- ");
		endpoint_add_peer(&p->t, sock);
	}
	if (sock->flags & BT_SOCK_MINI) {
		text_add(&p->t, s->role == ROLE_FIN_WAIT2 ? ", frees in at least " : ", frees in ");
		clock_add_wait(&p->t, sock->frees_in_ns > 0 ? (uint64_t)sock->frees_in_ns : 0);
	} else if (s->role == ROLE_ORPHAN) {
		text_add(&p->t, ", no process has it: the kernel is still closing it");
	} else if (is_unaccepted(g, s)) {
		text_add(&p->t, ", not accepted yet");
	} else {
		add_owners(p, g, s);
	}
	if (p->o->verbose || s->role == ROLE_LISTENER || s->role == ROLE_BOUND)
		add_options(p, sock);
	text_add(&p->t, "\n");
}

/* Sockets that come in crowds: those from [from] on that are of the same kind and process. */
static unsigned alike(const struct port_group *g, unsigned from)
{
	const struct port_socket *s = &g->sockets[from], *t;
	unsigned i;

	for (i = from + 1; i < g->n_sockets; i++) {
		t = &g->sockets[i];
		if (t->role != s->role || t->n_processes != s->n_processes ||
		    (s->n_processes && first_of(g, t)->pid != first_of(g, s)->pid))
			break;
	}
	return i - from;
}

/* "  312 connections by nginx[813]", "  5 TIME_WAIT, the last frees in 41.3 s" */
static void add_crowd(struct page *p, const struct port_group *g, unsigned from, unsigned n)
{
	const struct port_socket *s = &g->sockets[from];
	bool unseen = !s->n_processes;
	int64_t last_ns = 0;
	char state[24];
	unsigned i;

	text_printf(&p->t, "  %u ", n);
	if (!(s->sock.flags & BT_SOCK_MINI)) {
		text_add(&p->t, s->role == ROLE_ORPHAN	   ? "orphans"
				: unseen && !g->partial	   ? "connections, not accepted yet"
				: s->role == ROLE_ACCEPTED ? "accepted connections"
				: s->role == ROLE_OUTGOING ? "outgoing connections"
							   : "connections");
		if (!unseen)
			add_owners(p, g, s);
		text_add(&p->t, "\n");
		return;
	}
	state_words(&s->sock, state);
	for (i = from; i < from + n; i++)
		if (g->sockets[i].sock.frees_in_ns > last_ns)
			last_ns = g->sockets[i].sock.frees_in_ns;
	text_printf(&p->t, "%s, the last frees in ", state);
	clock_add_wait(&p->t, (uint64_t)last_ns);
	text_add(&p->t, "\n");
}

int text_port(int fd, const struct text_options *o, const struct port_group *g)
{
	char title[32];
	struct page p;
	struct text t;
	unsigned i, n;
	int err;

	page_init(&p, o);
	text_init(&t, title, sizeof(title));
	text_printf(&t, "%s %u", protocol_name(g->protocol), g->port);
	page_styled(&p, RED, title);
	if (g->elsewhere && g->netns_name[0]) {
		text_add(&p.t, "  in network namespace ");
		page_escaped(&p, g->netns_name);
	} else if (g->elsewhere) {
		text_printf(&p.t, "  in network namespace %u", g->netns);
	}
	text_add(&p.t, "\n");
	for (i = 0; i < g->n_sockets; i += n) {
		bool crowd = g->sockets[i].sock.peer_port != 0;

		n = crowd && !o->verbose ? alike(g, i) : 1;
		if (n <= SHOWN_SINGLY)
			n = 1;
		if (n > 1)
			add_crowd(&p, g, i, n);
		else
			add_socket(&p, g, &g->sockets[i]);
		if (p.t.len < PAGE_SIZE_MAX / 2)
			continue;
		err = page_write(&p, fd);
		if (err)
			return err;
		page_init(&p, o);
	}
	return page_write(&p, fd);
}

int text_ports_left_out(int fd, const struct text_options *o, unsigned n, unsigned first,
			unsigned last)
{
	struct page p;

	page_init(&p, o);
	text_printf(&p.t,
		    "and %u port%s of %u-%u that only connections have (-v shows them, or name "
		    "the port)\n",
		    n, n == 1 ? "" : "s", first, last);
	return page_write(&p, fd);
}
