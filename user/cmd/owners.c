// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "cmd/owners.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

static uint16_t table_of(const struct bt_sock *s)
{
	if (bt_is_sctp(s))
		return IPPROTO_SCTP;
	return bt_is_udp(s) ? IPPROTO_UDP : IPPROTO_TCP;
}

void owners_add(struct owners *o, const struct bt_open *row)
{
	struct bt_open *more;

	if (o->n_rows == o->room) {
		size_t room = o->room ? 2 * o->room : 1024;

		more = realloc(o->rows, room * sizeof(*more));
		if (!more) {
			o->out_of_memory = true;
			return;
		}
		o->rows = more;
		o->room = room;
	}
	o->rows[o->n_rows++] = *row;
}

/* In which order the sockets of a port are told. */
static int rank(const struct bt_sock *s)
{
	if (s->flags & BT_SOCK_MINI)
		return 4;
	if (s->state == BT_TCP_LISTEN)
		return 0;
	if (s->state == BT_TCP_CLOSE)
		return 1;
	return s->flags & BT_SOCK_NO_SOCKET ? 3 : 2;
}

#define ORDER(a, b)                                                                                \
	if ((a) != (b))                                                                            \
	return (a) < (b) ? -1 : 1

static int compare_group(const struct bt_open *x, const struct bt_open *y, uint32_t ours)
{
	ORDER(table_of(&x->sock), table_of(&y->sock));
	ORDER(x->sock.port, y->sock.port);
	ORDER(x->netns != ours, y->netns != ours);
	ORDER(x->netns, y->netns);
	return 0;
}

/* The same socket in both rows? Its memory may have been given to another one between the two looks. */
static bool same_socket(const struct bt_open *x, const struct bt_open *y)
{
	return x->sock.sk == y->sock.sk && x->sock.inode == y->sock.inode;
}

/* Rows of one socket come together, its processes before the table's row, the oldest process first. */
static int compare(const void *a, const void *b, void *context)
{
	const struct bt_open *x = a, *y = b;
	int order = compare_group(x, y, *(uint32_t *)context);

	if (order)
		return order;
	ORDER(rank(&x->sock), rank(&y->sock));
	ORDER(x->sock.sk, y->sock.sk);
	ORDER(x->sock.inode, y->sock.inode);
	ORDER(!x->pid, !y->pid);
	ORDER(x->start_ns, y->start_ns);
	ORDER(x->pid, y->pid);
	ORDER(x->fd, y->fd);
	return 0;
}

static void add_process(struct owners *o, struct port_socket *s, const struct bt_open *row)
{
	struct process *p = &o->processes[o->n_processes];

	if (s->n_processes && p[-1].pid == row->pid && p[-1].start_ns == row->start_ns)
		return; /* by one more descriptor */
	memset(p, 0, sizeof(*p));
	p->pid = row->pid;
	p->ppid = row->ppid;
	p->uid = row->uid;
	p->start_ns = row->start_ns;
	p->fd = (int)row->fd;
	p->alive = p->inherited = -1;
	memcpy(p->comm, row->comm, BT_COMM_LEN);
	s->n_processes++;
	o->n_processes++;
}

static struct port_group *begin_group(struct owners *o, const struct bt_open *row, uint32_t ours)
{
	struct port_group *g = &o->groups[o->n_groups++];

	*g = (struct port_group){ .protocol = table_of(&row->sock),
				  .port = row->sock.port,
				  .netns = row->netns,
				  .elsewhere = row->netns != ours,
				  .sockets = &o->sockets[o->n_sockets],
				  .processes = o->processes };
	return g;
}

/*
 * What a connection is, as far as the socket tells: one that bound its port itself has connected itself;
 * one that did not, on a port with a listener, was accepted there, since the kernel never takes such a port
 * for an outgoing one.
 */
static enum bt_role role_of(const struct bt_sock *s, bool has_listener)
{
	if (s->flags & BT_SOCK_MINI)
		return s->substate == BT_TCP_TIME_WAIT ? ROLE_TIME_WAIT : ROLE_FIN_WAIT2;
	if (s->state == BT_TCP_LISTEN)
		return ROLE_LISTENER;
	if (s->state == BT_TCP_CLOSE)
		return ROLE_BOUND;
	if (bt_is_sctp(s)) /* which side began it is not told */
		return ROLE_ASSOCIATION;
	if (table_of(s) == IPPROTO_TCP && (s->flags & BT_SOCK_NO_SOCKET) &&
	    s->state != BT_TCP_ESTABLISHED)
		return ROLE_ORPHAN;
	if (s->flags & BT_SOCK_BOUND_PORT)
		return table_of(s) == IPPROTO_TCP ? ROLE_OUTGOING : ROLE_BOUND;
	return has_listener ? ROLE_ACCEPTED : N_ROLES;
}

static int make_room(struct owners *o)
{
	size_t n = o->n_rows + 1;

	o->sockets = calloc(n, sizeof(*o->sockets));
	o->processes = calloc(n, sizeof(*o->processes));
	o->groups = calloc(n, sizeof(*o->groups));
	return o->out_of_memory || !o->sockets || !o->processes || !o->groups ? -ENOMEM : 0;
}

/* What is of one process comes together, so that it can be told in one line. */
static int compare_sockets(const void *a, const void *b, void *context)
{
	const struct port_socket *x = a, *y = b;
	const struct process *processes = context;

	ORDER(rank(&x->sock), rank(&y->sock));
	ORDER(x->role, y->role);
	ORDER(!x->n_processes, !y->n_processes);
	if (x->n_processes) {
		ORDER(processes[x->first_process].start_ns, processes[y->first_process].start_ns);
		ORDER(processes[x->first_process].pid, processes[y->first_process].pid);
	}
	ORDER(x->n_processes, y->n_processes);
	ORDER(x->sock.sk, y->sock.sk);
	return 0;
}

static void sort_sockets(struct owners *o)
{
	size_t i;

	for (i = 0; i < o->n_groups; i++)
		if (o->groups[i].sockets)
			qsort_r((struct port_socket *)o->groups[i].sockets, o->groups[i].n_sockets,
				sizeof(*o->sockets), compare_sockets, o->processes);
}

int owners_group(struct owners *o, uint32_t our_netns)
{
	const struct bt_open *before = NULL;
	struct port_group *group = NULL;
	struct port_socket *s = NULL;
	size_t i;

	if (make_room(o))
		return -ENOMEM;
	if (!o->n_rows)
		return 0;
	qsort_r(o->rows, o->n_rows, sizeof(*o->rows), compare, &our_netns);
	for (i = 0; i < o->n_rows; before = &o->rows[i++]) {
		const struct bt_open *row = &o->rows[i];

		if (!before || compare_group(before, row, our_netns))
			group = begin_group(o, row, our_netns);
		if (!before || !same_socket(before, row)) {
			s = &o->sockets[o->n_sockets++];
			s->sock = row->sock;
			s->first_process = (unsigned)o->n_processes;
			s->role =
				role_of(&row->sock, group->sockets[0].sock.state == BT_TCP_LISTEN);
			group->n_sockets++;
		} else if (before->pid == row->pid && before->fd == row->fd && s->n_processes == 1)
			s->more_addresses++; /* SCTP: a row for each */
		if (row->pid)
			add_process(o, s, row);
	}
	sort_sockets(o);
	return 0;
}

bool owners_only_outgoing(const struct port_group *g, uint16_t first, uint16_t last)
{
	/* the first one ranks first: no listener, nothing that is bound only */
	return g->protocol == IPPROTO_TCP && rank(&g->sockets[0].sock) >= 2 && g->port >= first &&
	       g->port <= last;
}

void owners_free(struct owners *o)
{
	free(o->rows);
	free(o->sockets);
	free(o->processes);
	free(o->groups);
}
