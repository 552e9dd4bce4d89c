/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * How the sockets of a port are counted and which of them are described, once for both sides: the walk in
 * the kernel, and user space where no walk is possible.
 */
#ifndef BT_TALLY_H
#define BT_TALLY_H

#include "abi.h"
#include "rule.h"

enum bt_class { BT_CLASS_BOUND, BT_CLASS_CONNECTED, BT_CLASS_TIME_WAIT, BT_CLASS_OTHER };

/* How many of a class one record describes. */
static inline __attribute__((always_inline)) __u32 bt_quota(__u32 class)
{
	switch (class) {
	case BT_CLASS_BOUND:
		return BT_QUOTA_BOUND;
	case BT_CLASS_CONNECTED:
		return BT_QUOTA_CONNECTED;
	case BT_CLASS_TIME_WAIT:
		return BT_QUOTA_TIME_WAIT;
	default:
		return BT_QUOTA_OTHER;
	}
}

/* enum bt_class of a socket h on the port that r is about. */
static inline __attribute__((always_inline)) __u32 bt_class(const struct bt_record *r,
							    const struct bt_sock *h, int blocks)
{
	if (!blocks)
		return BT_CLASS_OTHER;
	if (h->flags & BT_SOCK_MINI)
		return BT_CLASS_TIME_WAIT;
	if (h->state == BT_TCP_LISTEN || h->state == BT_TCP_CLOSE || bt_is_udp(&r->sock))
		return BT_CLASS_BOUND;
	return BT_CLASS_CONNECTED;
}

/* Which options, set on the new socket too, would leave h in the way? */
static inline __attribute__((always_inline)) void bt_count_ways_out(struct bt_record *r,
								    const struct bt_sock *h)
{
	const struct bt_sock *s = &r->sock;
	int four = h->family == BT_AF_INET || bt_is_mapped(h);

	if (!h->reuse || (h->state == BT_TCP_LISTEN && !bt_is_udp(s)))
		r->totals.still_reuseaddr++;
	if (!h->reuseport || (s->flags & BT_SOCK_GROUPED) ||
	    (!(h->flags & BT_SOCK_MINI) && s->uid != h->uid))
		r->totals.still_reuseport++;
	if (!bt_is_any6(s) || !four)
		r->totals.still_v6only++;
	if (bt_is_any(h))
		r->totals.blocking_wildcard++;
}

/* Adds a socket of the port to the totals of r. */
static inline __attribute__((always_inline)) void bt_count(struct bt_record *r,
							   const struct bt_sock *h, int blocks)
{
	struct bt_totals *t = &r->totals;
	__u32 state = h->state;

	t->total++;
	if (state < BT_N_STATES)
		t->state[state]++;
	if (!blocks)
		return;
	t->blocking++;
	bt_count_ways_out(r, h);
	if (!(h->flags & BT_SOCK_MINI)) {
		t->blocking_lasting++;
		return;
	}
	if (h->substate != BT_TCP_TIME_WAIT)
		t->fin_wait2++;
	if (h->frees_in_ns > t->last_free_ns)
		t->last_free_ns = h->frees_in_ns;
}

#endif /* BT_TALLY_H */
