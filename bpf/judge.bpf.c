// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Is a socket of the port in the way of the new one? By the rule of bpf/rule.h, as the kernel decides it. */
#include "core.bpf.h"
#include "tally.h"

/*
 * bt_table_pair() of works[slot].seen, in parts: each is checked by itself, not every way through one with every way
 * through the next.
 */

__noinline int bt_overlap_seen(__u32 slot)
{
	struct work *w = bpf_map_lookup_elem(&works, &slot);

	if (!w)
		return 0;
	return bt_overlap(&w->rec.sock, &w->seen, bt_is_udp(&w->rec.sock) ? 0 : w->rec.rule);
}

__noinline int bt_tuple_seen(__u32 slot)
{
	struct work *w = bpf_map_lookup_elem(&works, &slot);
	struct bt_pair pair;

	if (!w)
		return 0;
	pair = bt_tuple_pair(&w->rec.sock, &w->seen);
	return pair.blocks;
}

/* Is works[slot].seen in the way? Adds it to the totals. Always 0. */
__noinline int bt_judge(__u32 slot)
{
	struct work *w = bpf_map_lookup_elem(&works, &slot);
	const struct bt_sock *s;

	if (!w)
		return 0;
	s = &w->rec.sock;
	if (w->rec.rule & BT_RULE_TUPLE)
		w->blocks = bt_tuple_seen(slot);
	else
		w->blocks = bt_port_blocks(s, &w->seen, bt_overlap_seen(slot)) &&
			    (bt_is_udp(s) || s->reuse != 2);
	bt_count(&w->rec, &w->seen, w->blocks);
	return 0;
}
