/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Who did something to a socket: where that is kept, and found again. */
#ifndef BT_DEED_BPF_H
#define BT_DEED_BPF_H

#include "core.bpf.h"

enum { FIN_WAIT1 = 4, LAST_ACK = 9 };

/* The states that begin with a deed of the current task: that of an opener, or of a closer. */
enum {
	OPENS = 1 << BT_TCP_LISTEN | 1 << BT_TCP_SYN_SENT,
	CLOSES = 1 << FIN_WAIT1 | 1 << LAST_ACK,
};

/* NULL: not known, or another deed has taken its place since. */
static __always_inline const struct bt_deed *recent_deed(void *map, __u64 key)
{
	__u32 at = BT_RECENT_AT(key);
	const struct bt_recent *recent = bpf_map_lookup_elem(map, &at);

	if (!key || !recent || recent->key != key ||
	    recent->check != bt_recent_check(key, &recent->deed))
		return NULL;
	return &recent->deed;
}

/* Who made the socket listen or connect; NULL: not known. */
static __always_inline const struct bt_deed *opener_of(__u64 key)
{
	const struct bt_deed *deed = recent_deed(&connectors, key);

	return deed ? deed : bpf_map_lookup_elem(&openers, &key);
}

/* owners.bpf.c: the current task has brought the socket of that key into one of the states (1 << TCP_*). Always 0. */
int bt_remember(__u64 key, __u32 state);

#endif /* BT_DEED_BPF_H */
