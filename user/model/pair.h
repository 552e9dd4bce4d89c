/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The rule of each protocol: what bpf/rule.h says of those whose tables the kernel side walks, and here that
 * of SCTP and of ping sockets, of which only user space judges. Pure functions of the wire structures.
 *
 * Source: net/sctp/socket.c (sctp_get_port_local), net/sctp/ipv6.c, net/ipv4/ping.c (ping_get_port).
 */
#ifndef BT_PAIR_H
#define BT_PAIR_H

#include <string.h>

#include "bpf/rule.h"

/*
 * ping_get_port(): one identifier, one socket, whatever the addresses and also across IPv4 and IPv6, but for
 * sockets with SO_REUSEADDR, which all ping sockets have until somebody takes it from them.
 */
static inline struct bt_pair bt_ping_pair(const struct bt_sock *s, const struct bt_sock *t)
{
	struct bt_pair p = { .reuseaddr = bt_reuseaddr(s, t) };

	p.blocks = s->sk != t->sk && p.reuseaddr;
	return p;
}

/*
 * sctp_inet6_cmp_addr(), sctp_inet_cmp_addr(): wildcards of both families meet everything of both, unless the
 * socket on whose behalf is asked, an IPv6 one if there is one, is IPV6_V6ONLY. It is the holder's first.
 */
static inline int bt_sctp_overlap(const struct bt_sock *s, const struct bt_sock *t)
{
	int four_s = s->family == BT_AF_INET || bt_is_mapped(s);
	int four_t = t->family == BT_AF_INET || bt_is_mapped(t);
	int any_s = bt_is_any(s), any_t = bt_is_any(t);

	if (four_s != four_t) {
		if (t->family == BT_AF_INET6 ? t->v6only : s->v6only)
			return BT_OVERLAP_NONE;
		return any_s || any_t ? BT_OVERLAP_DUAL_STACK : BT_OVERLAP_NONE;
	}
	if (any_s || any_t)
		return !any_t	? BT_OVERLAP_NEW_WILDCARD
		       : !any_s ? BT_OVERLAP_HOLDER_WILDCARD
				: BT_OVERLAP_BOTH_WILDCARD;
	if (four_s)
		return bt_rcv_saddr(s) == bt_rcv_saddr(t) ? BT_OVERLAP_SAME_ADDRESS
							  : BT_OVERLAP_NONE;
	return !memcmp(s->addr, t->addr, sizeof(s->addr)) ? BT_OVERLAP_SAME_ADDRESS
							  : BT_OVERLAP_NONE;
}

/*
 * sctp_get_port_local(), as bind(), sctp_bindx() and listen() ask it. t is one of the addresses of a socket;
 * SCTP_REUSE_PORT stands in for SO_REUSEADDR, and no group of SO_REUSEPORT has a say.
 */
static inline struct bt_pair bt_sctp_pair(const struct bt_sock *s, const struct bt_sock *t,
					  __u32 rule)
{
	struct bt_sock new = *s, holder = *t;
	struct bt_pair p = { .overlap = bt_sctp_overlap(s, t) };

	new.reuse |= s->reuse_sctp;
	new.flags &= ~BT_SOCK_GROUPED;
	holder.reuse |= t->reuse_sctp;
	p.reuseaddr = bt_reuseaddr(&new, &holder);
	p.reuseport = bt_reuseport(&new, &holder);
	p.other_device = (rule & BT_RULE_SCTP_DEVICE) && s->ifindex && t->ifindex &&
			 s->ifindex != t->ifindex;
	p.blocks = s->sk != t->sk && p.overlap && !p.other_device && p.reuseaddr && p.reuseport;
	return p;
}

/* The rule of the new socket's protocol. */
static inline struct bt_pair bt_pair_of(const struct bt_sock *s, const struct bt_sock *t,
					__u32 rule)
{
	if (bt_is_ping(s))
		return bt_ping_pair(s, t);
	return bt_is_sctp(s) ? bt_sctp_pair(s, t, rule) : bt_table_pair(s, t, rule);
}

#endif /* BT_PAIR_H */
