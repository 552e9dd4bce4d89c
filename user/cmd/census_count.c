// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* From the sockets of a namespace to who has the ports of a range. Pure. */
#include <stdlib.h>
#include <string.h>

#include "cmd/census.h"

static bool bit(const uint64_t *bits, unsigned port)
{
	return bits[port / 64] >> (port % 64) & 1;
}

/*
 * Does the socket keep its port from the one that was to get any? For port 0 no option lets two in
 * (inet_csk_bind_conflict without relax); connect() passes over ports that bind() has touched, and is refused
 * those it has to this very peer.
 */
static bool takes_port(const struct bt_record *r, const struct bt_sock *s)
{
	struct bt_pair pair;

	if (r->operation == BT_OP_CONNECT)
		return true;
	pair = bt_pair_of(&r->sock, s, r->rule);
	return bt_is_udp(&r->sock) ? pair.blocks : pair.overlap && !pair.other_device;
}

/* What is to be known of one port. */
struct port_state {
	uint8_t taken, lasting, to_peer;
	uint32_t owner;	  /* 1 + row of the oldest process that has it; 0: none has */
	int64_t frees_ns; /* of the mini-sockets, the last */
};

static void see_row(struct port_state *p, const struct bt_record *r, const struct census_look *l,
		    uint32_t i)
{
	const struct bt_sock *s = &l->rows[i].sock;

	if (!takes_port(r, s))
		return;
	p->taken = 1;
	p->lasting |= !(s->flags & BT_SOCK_MINI);
	if (s->frees_in_ns > p->frees_ns)
		p->frees_ns = s->frees_in_ns;
	p->to_peer |= s->peer_port && s->peer_port == r->sock.peer_port &&
		      bt_same_address(s->peer, s->family, r->sock.peer, r->sock.family);
	if (l->rows[i].pid && (!p->owner || l->rows[i].start_ns < l->rows[p->owner - 1].start_ns))
		p->owner = i + 1;
}

static int by_process(const void *a, const void *b)
{
	const struct bt_open *x = *(const struct bt_open *const *)a;
	const struct bt_open *y = *(const struct bt_open *const *)b;

	if (x->pid != y->pid)
		return x->pid < y->pid ? -1 : 1;
	return x->start_ns < y->start_ns ? -1 : x->start_ns > y->start_ns;
}

static void name_user(struct process *p, const struct bt_open *row)
{
	memset(p, 0, sizeof(*p));
	p->pid = row->pid;
	p->ppid = row->ppid;
	p->uid = row->uid;
	p->start_ns = row->start_ns;
	p->fd = -1;
	p->alive = p->inherited = p->stopped = -1;
	memcpy(p->comm, row->comm, BT_COMM_LEN);
}

/* Among the first few with the most ports, at its place. */
static void add_user(struct census *out, const struct bt_open *row, unsigned ports)
{
	unsigned i = out->n_users;

	while (i > 0 && out->users[i - 1].ports < ports)
		i--;
	if (i == CENSUS_USERS) {
		out->more_users++;
		return;
	}
	if (out->n_users == CENSUS_USERS)
		out->more_users++;
	else
		out->n_users++;
	memmove(&out->users[i + 1], &out->users[i], (out->n_users - i - 1) * sizeof(out->users[0]));
	out->users[i].ports = ports;
	name_user(&out->users[i].who, row);
}

/* The rows of owners come sorted by process. */
static void rank_users(struct census *out, const struct bt_open **owners, unsigned n)
{
	unsigned i, begin = 0;

	if (n)
		qsort(owners, n, sizeof(*owners), by_process);
	for (i = 1; i <= n; i++) {
		if (i < n && !by_process(&owners[i], &owners[begin]))
			continue;
		add_user(out, owners[begin], i - begin);
		begin = i;
	}
}

static void count_port(struct census *out, const struct port_state *p)
{
	out->taken += p->taken;
	out->to_peer += p->to_peer;
	if (!p->taken || p->lasting)
		return;
	if (!out->time_wait || p->frees_ns < out->first_free_ns)
		out->first_free_ns = p->frees_ns;
	out->time_wait++;
}

static void count_ports(struct census *out, const struct port_state *ports,
			const struct census_look *l, const struct bt_open **owners)
{
	unsigned port, n = 0;

	for (port = out->first; port <= out->last; port++) {
		const struct port_state *p = &ports[port];

		if (bit(l->reserved, port)) {
			out->reserved++;
			continue;
		}
		count_port(out, p);
		if (p->owner)
			owners[n++] = &l->rows[p->owner - 1];
	}
	rank_users(out, owners, n);
}

/* From the look, which was later, to the refusal. */
static int64_t since(const struct census_look *l, const struct bt_record *r)
{
	return (int64_t)(l->time_ns - r->hdr.boottime_ns);
}

void census_count(struct census *out, const struct bt_record *r, const struct census_look *l)
{
	struct port_state *ports = calloc(1 << 16, sizeof(*ports));
	const struct bt_open **owners = calloc(1 << 16, sizeof(*owners));

	memset(out, 0, sizeof(*out));
	out->first = r->port_low;
	out->last = r->port_high;
	if (ports && owners && out->first && out->first <= out->last) {
		for (size_t i = 0; i < l->n_rows; i++)
			see_row(&ports[l->rows[i].sock.port], r, l, (uint32_t)i);
		count_ports(out, ports, l, owners);
		if (out->time_wait)
			out->first_free_ns += since(l, r);
		out->known = true;
	}
	free(ports);
	free(owners);
}
