/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* One node of the port's table, as the walk meets it: copied out, checked, and told as a struct bt_sock. */
#ifndef BT_NODE_BPF_H
#define BT_NODE_BPF_H

#include <bpf/bpf_endian.h>

#include "core.bpf.h"
#include "read.bpf.h"

static __always_inline const struct sock_common *common(const struct work *w)
{
	return (const struct sock_common *)w->raw;
}

/*
 * Copies what the walk looks at: of a mini-socket besides what all sockets have in front only the timer, since most
 * of the walk's time is waiting for memory. false: it can be no socket.
 */
static __always_inline bool read_node(struct work *w)
{
	const __u32 substate = bpf_core_field_offset(struct inet_timewait_sock, tw_substate);
	__u32 tail = bpf_core_field_offset(struct inet_timewait_sock, tw_timer) +
		     bpf_core_type_size(struct timer_list) - substate;
	__u32 head = bpf_core_field_offset(struct sock_common, skc_cookie) + sizeof(__u64);
	__u32 head_of_udp = bpf_core_field_offset(struct sock_common, skc_node) + sizeof(__u64);
	__u16 family;

	w->seen_sk = w->node - w->link;
	if (bt_is_udp(&w->rec.sock))
		head = head_of_udp;
	if (head > sizeof(w->raw) || bpf_probe_read_kernel(w->raw, head, (void *)w->seen_sk))
		return false;
	family = common(w)->skc_family;
	if (family != AF_INET && family != AF_INET6)
		return false;
	if (common(w)->skc_state != BT_TCP_TIME_WAIT)
		return true;
	return substate < sizeof(w->raw) && tail <= sizeof(w->raw) - substate &&
	       !bpf_probe_read_kernel((char *)w->raw + substate, tail,
				      (void *)(w->seen_sk + substate));
}

static __always_inline bool is_on_port(const struct work *w)
{
	return common(w)->skc_num == w->rec.sock.port && (__u64)common(w)->skc_net.net == w->net;
}

/* A list of TCP is one port's; one of UDP has all ports of its hash, in all namespaces. 0: just unhashed. */
static __always_inline bool is_in_list(const struct work *w)
{
	struct net *net = common(w)->skc_net.net;
	__u32 port = common(w)->skc_num;

	if (!bt_is_udp(&w->rec.sock))
		return is_on_port(w);
	return !port || ((port + BPF_CORE_READ(net, hash_mix)) & w->udp_mask) == w->udp_at;
}

static __always_inline __u64 next_node(const struct work *w)
{
	if (bt_is_udp(&w->rec.sock))
		return (__u64)common(w)->skc_node.next;
	return (__u64)common(w)->skc_bind_node.next;
}

/* What only a mini-socket has: no uid, no inode, but a timer. */
static __always_inline void see_mini(struct work *w)
{
	const struct inet_timewait_sock *tw = (const struct inet_timewait_sock *)w->raw;
	__u64 now = bpf_jiffies64(), expires = tw->tw_timer.expires;

	w->seen.flags |= BT_SOCK_MINI;
	w->seen.substate = tw->tw_substate;
	w->seen.timer_left_ns = (__s64)(expires - now) * (__s64)config.tick_ns;
	w->seen.frees_in_ns =
		(__s64)(bt_wheel_jiffy(expires, tw->tw_timer.flags) - now) * (__s64)config.tick_ns;
}

static __always_inline void see_node(struct work *w)
{
	const struct sock_common *c = common(w);

	__builtin_memset(&w->seen, 0, sizeof(w->seen));
	w->seen.sk = w->seen_sk;
	w->seen.cookie = c->skc_cookie.counter;
	w->seen.family = c->skc_family;
	w->seen.state = c->skc_state;
	w->seen.port = c->skc_num;
	w->seen.peer_port = bpf_ntohs(c->skc_dport);
	w->seen.ifindex = c->skc_bound_dev_if;
	w->seen.reuse = BPF_CORE_READ_BITFIELD(c, skc_reuse);
	w->seen.reuseport = BPF_CORE_READ_BITFIELD(c, skc_reuseport);
	w->seen.v6only = BPF_CORE_READ_BITFIELD(c, skc_ipv6only);
	if (c->skc_family == AF_INET6) {
		__builtin_memcpy(w->seen.addr, &c->skc_v6_rcv_saddr, 16);
		__builtin_memcpy(w->seen.peer, &c->skc_v6_daddr, 16);
	} else {
		__builtin_memcpy(w->seen.addr, (const void *)&c->skc_rcv_saddr, 4);
		__builtin_memcpy(w->seen.peer, (const void *)&c->skc_daddr, 4);
	}
	if (w->seen.state == BT_TCP_TIME_WAIT)
		see_mini(w);
}

#endif /* BT_NODE_BPF_H */
