// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "enrich/untabled.h"

#include <errno.h>

/* The sockets of one refusal. */
struct found {
	/* of each its address that is in the way, or its first */
	const struct bt_open *rows[FILES_ROWS];
	unsigned addresses[FILES_ROWS];
	bool blocks[FILES_ROWS], late[FILES_ROWS];
	unsigned n;
	unsigned on_port; /* SCTP: how many there were, open or not */
};

bool untabled_needed(const struct bt_record *r)
{
	return r->error == EADDRINUSE && r->sock.port &&
	       (bt_is_sctp(&r->sock) || bt_is_ping(&r->sock)) &&
	       (r->who == BT_WHO_UNKNOWN || r->who == BT_WHO_PROTOCOL);
}

/*
 * In the same network namespace: before "inet: ping: check sock_net()" (6.18, and stable releases before it)
 * ping_get_port() meets some sockets of others too, but whether this kernel does cannot be told.
 */
bool untabled_concern(const struct bt_record *r, const struct bt_open *open)
{
	bool ping = bt_is_ping(&r->sock);

	return untabled_needed(r) && open->sock.port == r->sock.port &&
	       (ping ? bt_is_ping(&open->sock) : bt_is_sctp(&open->sock)) &&
	       open->netns == r->task.netns;
}

void untabled_keep(struct untabled *f, const struct bt_open *open, uint64_t bound_ns)
{
	for (unsigned i = 0; i < f->n; i++)
		if (f->rows[i].sock.sk == open->sock.sk &&
		    !memcmp(f->rows[i].sock.addr, open->sock.addr, sizeof(open->sock.addr)))
			return;
	if (f->n == FILES_ROWS) {
		f->partial = true;
		return;
	}
	f->rows[f->n] = *open;
	f->bound_ns[f->n++] = bound_ns;
}

static void add_row(struct found *all, const struct bt_record *r, const struct bt_open *row,
		    bool late)
{
	bool blocks = !late && bt_pair_of(&r->sock, &row->sock, r->rule).blocks;
	unsigned i = 0;

	while (i < all->n && all->rows[i]->sock.sk != row->sock.sk)
		i++;
	if (i == all->n || (blocks && !all->blocks[i])) {
		all->rows[i] = row;
		all->blocks[i] = blocks;
		all->late[i] = late;
	}
	all->n += i == all->n;
	all->addresses[i]++;
	if (row->on_port > all->on_port)
		all->on_port = row->on_port;
}

/* Bound when the refusal was over: not in its way, whatever the rule says. */
static bool is_late(const struct untabled *f, const struct bt_record *r, unsigned row)
{
	return f->bound_ns[row] > r->hdr.boottime_ns;
}

static void find(struct found *all, const struct bt_record *r, const struct untabled *f)
{
	memset(all, 0, sizeof(*all));
	for (unsigned i = 0; i < f->n; i++)
		if (untabled_concern(r, &f->rows[i]))
			add_row(all, r, &f->rows[i], is_late(f, r, i));
}

/* How many addresses would still be in the way if the new socket were like this? */
static unsigned still(const struct bt_record *r, const struct untabled *f,
		      const struct bt_sock *new)
{
	unsigned n = 0;

	for (unsigned i = 0; i < f->n; i++)
		n += untabled_concern(r, &f->rows[i]) && !is_late(f, r, i) &&
		     bt_pair_of(new, &f->rows[i].sock, r->rule).blocks;
	return n;
}

static void count_ways_out(struct bt_record *r, const struct untabled *f)
{
	struct bt_sock reuseaddr = r->sock, reuseport = r->sock, v6only = r->sock;

	reuseaddr.reuse = reuseport.reuseport = v6only.v6only = 1;
	r->totals.still_reuseaddr = still(r, f, &reuseaddr);
	r->totals.still_reuseport = still(r, f, &reuseport);
	r->totals.still_v6only = still(r, f, &v6only);
}

static void add_holder(struct event *e, const struct found *all, unsigned i)
{
	struct bt_record *r = &e->rec;
	struct bt_holder *h;

	if (r->n_holders == BT_MAX_HOLDERS)
		return;
	e->holders[r->n_holders].more_addresses = (uint16_t)(all->addresses[i] - 1);
	h = &r->holders[r->n_holders++];
	memset(h, 0, sizeof(*h));
	h->sock = all->rows[i]->sock;
}

static void count_holder(struct bt_totals *t, const struct bt_sock *s, bool blocks)
{
	t->total++;
	t->state[s->state < BT_N_STATES ? s->state : 0]++;
	t->blocking += blocks;
	t->blocking_lasting += blocks;
	t->blocking_wildcard += blocks && bt_is_any(s);
}

static bool is_holder(const struct bt_record *r, const struct found *all, unsigned i)
{
	return !all->late[i] && all->rows[i]->sock.sk != r->sock.sk;
}

/* Those in the way first: there may be no room for the others. */
static void add_holders(struct event *e, const struct found *all)
{
	struct bt_record *r = &e->rec;

	for (unsigned i = 0; i < all->n; i++) {
		if (!is_holder(r, all, i))
			continue;
		count_holder(&r->totals, &all->rows[i]->sock, all->blocks[i]);
		if (all->blocks[i])
			add_holder(e, all, i);
	}
	for (unsigned i = 0; i < all->n; i++)
		if (is_holder(r, all, i) && !all->blocks[i])
			add_holder(e, all, i);
}

void untabled_add_holders(struct event *e, const struct untabled *f)
{
	struct bt_record *r = &e->rec;
	struct found all;
	bool complete;

	if (!untabled_needed(r) || !f->looked)
		return;
	e->holders_from_files = true;
	find(&all, r, f);
	/* of SCTP the kernel tells how many there are; a closed socket whose association ends is one, too */
	complete = all.n && all.n >= all.on_port && !f->partial;
	add_holders(e, &all);
	count_ways_out(r, f);
	if (!r->totals.blocking && (!complete || r->more_len || bt_is_ping(&r->sock))) {
		r->n_holders = 0;
		memset(&r->totals, 0, sizeof(r->totals));
		return;
	}
	if (complete && r->totals.blocking == 1)
		r->holders[0].sock.flags |= BT_SOCK_CULPRIT;
	if (all.on_port > all.n)
		r->totals.total += all.on_port - all.n;
	r->walk = complete ? BT_WALK_DONE : BT_WALK_TRUNCATED;
}
