// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "enrich/crowd.h"

#include <netinet/in.h>
#include <string.h>

#include "bpf/tally.h"

static bool is_tcp(const struct bt_sock *s)
{
	return s->protocol == IPPROTO_TCP || s->protocol == IPPROTO_MPTCP;
}

bool crowd_needed(const struct bt_record *r)
{
	return r->walk & BT_WALK_TRUNCATED && !(r->walk & BT_WALK_LATE) && is_tcp(&r->sock) &&
	       !(r->rule & BT_RULE_TUPLE);
}

/* Of another device it may be in another VRF, whose ports are others. */
bool crowd_concern(const struct bt_record *r, const struct bt_open *open)
{
	const struct bt_sock *s = &open->sock;

	return crowd_needed(r) && is_tcp(s) && s->port == r->sock.port &&
	       (s->state == BT_TCP_LISTEN || s->state == BT_TCP_CLOSE) &&
	       open->netns == r->task.netns && s->ifindex == r->sock.ifindex && s->sk != r->sock.sk;
}

/* Has the walk counted sockets of this state without describing them? Then this may be one of those. */
static bool may_be_counted(const struct bt_record *r, const struct bt_sock *s)
{
	unsigned described = 0, i;

	for (i = 0; i < r->n_holders; i++) {
		if (r->holders[i].sock.sk == s->sk)
			return true;
		described += r->holders[i].sock.state == s->state;
	}
	return described < r->totals.state[s->state];
}

static void add_holder(struct bt_record *r, const struct bt_sock *s)
{
	bool blocks = bt_pair_of(&r->sock, s, r->rule).blocks;
	struct bt_holder *h;

	bt_count(r, s, blocks);
	if (!blocks || r->n_holders == BT_MAX_HOLDERS)
		return;
	h = &r->holders[r->n_holders++];
	memset(h, 0, sizeof(*h));
	h->sock = *s;
}

void crowd_add_holders(struct event *e, const struct untabled *f)
{
	const struct bt_sock *added[FILES_ROWS];
	struct bt_record *r = &e->rec;
	unsigned n = 0, i;

	/* first all that are new are found, since each that is added counts */
	for (i = 0; i < f->n && f->looked; i++)
		if (crowd_concern(r, &f->rows[i]) && f->bound_ns[i] <= r->hdr.boottime_ns &&
		    !may_be_counted(r, &f->rows[i].sock))
			added[n++] = &f->rows[i].sock;
	for (i = 0; i < n; i++)
		add_holder(r, added[i]);
}
