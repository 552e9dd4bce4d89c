/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The kernel's own rules, once, for both sides: the walk in the kernel counts with them, the verdict in
 * user space explains with them. Pure functions of the wire structures.
 *
 * Source: net/ipv4/inet_connection_sock.c (inet_csk_bind_conflict, inet_bind_conflict,
 * inet_bhash2_addr_any_conflict, inet_rcv_saddr_equal) and kernel/time/timer.c (calc_index).
 */
#ifndef BT_RULE_H
#define BT_RULE_H

#include "abi.h"

#define BT_TCP_ESTABLISHED 1
#define BT_TCP_SYN_SENT	   2
#define BT_TCP_TIME_WAIT   6
#define BT_TCP_CLOSE	   7
#define BT_TCP_LISTEN	   10
#define BT_AF_INET	   2
#define BT_AF_INET6	   10
#define BT_IPPROTO_ICMP	   1
#define BT_IPPROTO_UDP	   17
#define BT_IPPROTO_ICMPV6  58
#define BT_IPPROTO_SCTP	   132
#define BT_IPPROTO_UDPLITE 136
#define BT_IPPROTO_RAW	   255

/* Which clause of inet_rcv_saddr_equal() makes two addresses meet. */
enum bt_overlap {
	BT_OVERLAP_NONE,
	BT_OVERLAP_SAME_ADDRESS,
	BT_OVERLAP_NEW_WILDCARD,
	BT_OVERLAP_HOLDER_WILDCARD,
	BT_OVERLAP_BOTH_WILDCARD,
	BT_OVERLAP_DUAL_STACK, /* an IPv6 wildcard without IPV6_V6ONLY against IPv4 */
};

/* Why SO_REUSEADDR was no way out. */
enum bt_reuseaddr {
	BT_REUSEADDR_OK,
	BT_REUSEADDR_NEW_LACKS,
	BT_REUSEADDR_HOLDER_LACKS,
	BT_REUSEADDR_BOTH_LACK,
	BT_REUSEADDR_HOLDER_LISTENS,
};

/* Why SO_REUSEPORT was no way out. */
enum bt_reuseport {
	BT_REUSEPORT_OK,
	BT_REUSEPORT_NEW_LACKS,
	BT_REUSEPORT_HOLDER_LACKS,
	BT_REUSEPORT_BOTH_LACK,
	BT_REUSEPORT_UID_DIFFERS,
	BT_REUSEPORT_NEW_GROUPED,
};

/* One new socket against one holder of the port. */
struct bt_pair {
	__u8 blocks;
	__u8 overlap;	   /* enum bt_overlap */
	__u8 reuseaddr;	   /* enum bt_reuseaddr */
	__u8 reuseport;	   /* enum bt_reuseport */
	__u8 other_device; /* both are bound to devices, and not to the same one */
};

#define BT_LOOPBACK4_IPV6                                                                          \
	0x0600007fu /* 127.0.0.6 in network order, as read on a little-endian machine */

static inline __attribute__((always_inline)) const __u32 *bt_words(const struct bt_sock *s)
{
	return (const __u32 *)(const void *)s->addr;
}

static inline __attribute__((always_inline)) __u32 bt_word(const struct bt_sock *s, int i)
{
	return bt_words(s)[i];
}

/* In one comparison: each more is a way that the kernel's verifier has to go through. */
static inline __attribute__((always_inline)) int bt_same_words(const __u32 *a, const __u32 *b)
{
	return ((a[0] ^ b[0]) | (a[1] ^ b[1]) | (a[2] ^ b[2]) | (a[3] ^ b[3])) == 0;
}

/* ::ffff:a.b.c.d */
static inline __attribute__((always_inline)) int bt_is_mapped(const struct bt_sock *s)
{
	return s->family == BT_AF_INET6 &&
	       (bt_word(s, 0) | bt_word(s, 1) | (bt_word(s, 2) ^ 0xffff0000u)) == 0;
}

/* :: (the mapped wildcard is not it) */
static inline __attribute__((always_inline)) int bt_is_any6(const struct bt_sock *s)
{
	return s->family == BT_AF_INET6 &&
	       (bt_word(s, 0) | bt_word(s, 1) | bt_word(s, 2) | bt_word(s, 3)) == 0;
}

/* sk_rcv_saddr as the kernel keeps it beside an IPv6 address: inet6_bind() and tcp_v6_syn_recv_sock(). */
static inline __attribute__((always_inline)) __u32 bt_rcv_saddr(const struct bt_sock *s)
{
	if (s->family == BT_AF_INET)
		return bt_word(s, 0);
	if (bt_is_mapped(s))
		return bt_word(s, 3);
	return bt_is_any6(s) ? 0 : BT_LOOPBACK4_IPV6;
}

/* 0.0.0.0, ::, ::ffff:0.0.0.0 */
static inline __attribute__((always_inline)) int bt_is_any(const struct bt_sock *s)
{
	return bt_rcv_saddr(s) == 0;
}

/* ipv4_rcv_saddr_equal() with match_wildcard */
static inline __attribute__((always_inline)) int bt_overlap4(const struct bt_sock *s,
							     const struct bt_sock *t)
{
	__u32 a = bt_rcv_saddr(s), b = bt_rcv_saddr(t);

	if (t->family == BT_AF_INET6 && t->v6only)
		return BT_OVERLAP_NONE;
	if (a == 0 && b == 0)
		return s->family == t->family ? BT_OVERLAP_BOTH_WILDCARD : BT_OVERLAP_DUAL_STACK;
	if (a == 0)
		return BT_OVERLAP_NEW_WILDCARD;
	if (b == 0)
		return bt_is_any6(t) ? BT_OVERLAP_DUAL_STACK : BT_OVERLAP_HOLDER_WILDCARD;
	return a == b ? BT_OVERLAP_SAME_ADDRESS : BT_OVERLAP_NONE;
}

/* ipv6_rcv_saddr_equal() with match_wildcard; s is AF_INET6 */
static inline __attribute__((always_inline)) int bt_overlap6(const struct bt_sock *s,
							     const struct bt_sock *t)
{
	int mapped_s = bt_is_mapped(s), any_s = bt_is_any6(s), any_t = bt_is_any6(t);
	int four_t = t->family == BT_AF_INET || bt_is_mapped(t);

	if (mapped_s && four_t)
		return bt_overlap4(s, t);
	if (any_s && any_t)
		return BT_OVERLAP_BOTH_WILDCARD;
	if (any_t && !(t->v6only && mapped_s))
		return mapped_s ? BT_OVERLAP_DUAL_STACK : BT_OVERLAP_HOLDER_WILDCARD;
	if (any_s && !(s->v6only && four_t))
		return four_t ? BT_OVERLAP_DUAL_STACK : BT_OVERLAP_NEW_WILDCARD;
	if (t->family == BT_AF_INET6 && bt_same_words(bt_words(s), bt_words(t)))
		return BT_OVERLAP_SAME_ADDRESS;
	return BT_OVERLAP_NONE;
}

/*
 * Do the addresses meet, and by which clause? From 6.1 on a specific address is looked up in the
 * address-keyed table (inet_use_hash2_on_bind), which does not show everything the comparison would.
 */
static inline __attribute__((always_inline)) int bt_overlap(const struct bt_sock *s,
							    const struct bt_sock *t, __u32 rule)
{
	int four_s = s->family == BT_AF_INET || bt_is_mapped(s);

	if ((rule & BT_RULE_BHASH2) && four_s && !bt_is_any(s)) {
		if (t->family == BT_AF_INET6 && !bt_is_mapped(t) && !bt_is_any6(t))
			return BT_OVERLAP_NONE;
		if ((rule & BT_RULE_MAPPED_BLIND) && bt_is_mapped(s) && bt_is_mapped(t) &&
		    bt_is_any(t))
			return BT_OVERLAP_NONE;
	}
	return s->family == BT_AF_INET ? bt_overlap4(s, t) : bt_overlap6(s, t);
}

static inline __attribute__((always_inline)) int bt_other_device(const struct bt_sock *s,
								 const struct bt_sock *t)
{
	return s->ifindex && t->ifindex && s->ifindex != t->ifindex;
}

static inline __attribute__((always_inline)) int bt_reuseaddr(const struct bt_sock *s,
							      const struct bt_sock *t)
{
	if (!s->reuse)
		return t->reuse ? BT_REUSEADDR_NEW_LACKS : BT_REUSEADDR_BOTH_LACK;
	if (!t->reuse)
		return BT_REUSEADDR_HOLDER_LACKS;
	return t->state == BT_TCP_LISTEN ? BT_REUSEADDR_HOLDER_LISTENS : BT_REUSEADDR_OK;
}

static inline __attribute__((always_inline)) int bt_reuseport(const struct bt_sock *s,
							      const struct bt_sock *t)
{
	if (!s->reuseport)
		return t->reuseport ? BT_REUSEPORT_NEW_LACKS : BT_REUSEPORT_BOTH_LACK;
	if (!t->reuseport)
		return BT_REUSEPORT_HOLDER_LACKS;
	if (s->flags & BT_SOCK_GROUPED)
		return BT_REUSEPORT_NEW_GROUPED;
	if (!(t->flags & BT_SOCK_MINI) && s->uid != t->uid)
		return BT_REUSEPORT_UID_DIFFERS;
	return BT_REUSEPORT_OK;
}

/* What TCP and UDP have in common, once bt_overlap() has been asked: is t in the way of s? */
static inline __attribute__((always_inline)) int
bt_port_blocks(const struct bt_sock *s, const struct bt_sock *t, int overlap)
{
	return s->sk != t->sk && overlap && !bt_other_device(s, t) && bt_reuseaddr(s, t) &&
	       bt_reuseport(s, t);
}

/* ... and why. */
static inline __attribute__((always_inline)) struct bt_pair
bt_port_pair(const struct bt_sock *s, const struct bt_sock *t, int overlap)
{
	struct bt_pair p = {
		.overlap = overlap,
		.reuseaddr = bt_reuseaddr(s, t),
		.reuseport = bt_reuseport(s, t),
		.other_device = bt_other_device(s, t),
		.blocks = bt_port_blocks(s, t, overlap),
	};

	return p;
}

/*
 * Would a TCP socket s that asks for t's port by name (bind or listen) be refused because of t?
 * Both are in one network namespace and one l3mdev; s has its requested address. inet_bind_conflict()
 * with relax and reuseport_ok.
 */
static inline __attribute__((always_inline)) struct bt_pair
bt_tcp_pair(const struct bt_sock *s, const struct bt_sock *t, __u32 rule)
{
	struct bt_pair p = bt_port_pair(s, t, bt_overlap(s, t, rule));

	p.blocks = p.blocks && s->reuse != 2;
	return p;
}

/*
 * The same for UDP: udp_lib_lport_inuse(). No state counts, and two sockets with SO_REUSEADDR never
 * conflict. The kernel asks the sockets of a port newest first, and the first that does not pass by
 * SO_REUSEADDR decides.
 */
static inline __attribute__((always_inline)) struct bt_pair bt_udp_pair(const struct bt_sock *s,
									const struct bt_sock *t)
{
	return bt_port_pair(s, t, bt_overlap(s, t, 0));
}

static inline __attribute__((always_inline)) int bt_is_udp(const struct bt_sock *s)
{
	return s->protocol == BT_IPPROTO_UDP || s->protocol == BT_IPPROTO_UDPLITE;
}

/*
 * Is an address of this family one for this socket of SCTP (sctp_sockaddr_af), or for this raw one?
 * raw_bind() does not even look. All others say EAFNOSUPPORT by themselves.
 */
static inline __attribute__((always_inline)) int bt_takes_family(const struct bt_sock *s,
								 __u16 family)
{
	if (s->protocol == BT_IPPROTO_SCTP)
		return family == s->family || (family == BT_AF_INET && s->family == BT_AF_INET6);
	return s->protocol != BT_IPPROTO_RAW || s->family == BT_AF_INET || family == s->family;
}

/* Two addresses as the kernel compares them: a mapped one is IPv4. */
static inline __attribute__((always_inline)) int bt_same_address(const __u8 *a, __u16 family_a,
								 const __u8 *b, __u16 family_b)
{
	const __u32 *x = (const __u32 *)(const void *)a, *y = (const __u32 *)(const void *)b;
	int mapped_x = family_a == BT_AF_INET6 && (x[0] | x[1] | (x[2] ^ 0xffff0000u)) == 0;
	int mapped_y = family_b == BT_AF_INET6 && (y[0] | y[1] | (y[2] ^ 0xffff0000u)) == 0;
	int four_x = family_a == BT_AF_INET || mapped_x,
	    four_y = family_b == BT_AF_INET || mapped_y;

	if (four_x != four_y)
		return 0;
	if (four_x)
		return (mapped_x ? x[3] : x[0]) == (mapped_y ? y[3] : y[0]);
	return bt_same_words(x, y);
}

/*
 * Is t the connection that s, bound to t's port, wants to make? __inet_check_established() and
 * __inet6_check_established(). A wildcard gets its address from the route: t's is taken for that one.
 */
static inline __attribute__((always_inline)) struct bt_pair bt_tuple_pair(const struct bt_sock *s,
									  const struct bt_sock *t)
{
	struct bt_pair p = { .overlap = BT_OVERLAP_SAME_ADDRESS };

	p.blocks = s->sk != t->sk && t->peer_port && s->peer_port == t->peer_port &&
		   (!t->ifindex || s->ifindex == t->ifindex) &&
		   bt_same_address(s->peer, s->family, t->peer, t->family) &&
		   (bt_is_any(s) || bt_same_address(s->addr, s->family, t->addr, t->family));
	return p;
}

/* The rule of those protocols whose tables the kernel side walks, or of the new socket's connect(). */
static inline __attribute__((always_inline)) struct bt_pair
bt_table_pair(const struct bt_sock *s, const struct bt_sock *t, __u32 rule)
{
	if (rule & BT_RULE_TUPLE)
		return bt_tuple_pair(s, t);
	return bt_is_udp(s) ? bt_udp_pair(s, t) : bt_tcp_pair(s, t, rule);
}

static inline __attribute__((always_inline)) int bt_is_sctp(const struct bt_sock *s)
{
	return s->protocol == BT_IPPROTO_SCTP;
}

/* A socket that only sends and gets echoes; raw sockets of these protocols are IPPROTO_RAW here. */
static inline __attribute__((always_inline)) int bt_is_ping(const struct bt_sock *s)
{
	return s->protocol == BT_IPPROTO_ICMP || s->protocol == BT_IPPROTO_ICMPV6;
}

/* inet_bind_sk(): protocols with a bind() of their own are gone before the control group's programs come. */
static inline __attribute__((always_inline)) int bt_asks_programs(const struct bt_sock *s)
{
	return s->protocol != BT_IPPROTO_RAW && !bt_is_ping(s) && !bt_is_sctp(s);
}

/*
 * The jiffy at which a timer really runs: __mod_timer() files it in a level of the timer wheel, whose
 * granules grow eightfold a level, rounded up; the level is kept in the top ten bits of timer->flags.
 */
static inline __attribute__((always_inline)) __u64 bt_wheel_jiffy(__u64 expires, __u32 timer_flags)
{
	__u32 shift = 3 * ((timer_flags >> 22) >> 6);

	return ((expires >> shift) + 1) << shift;
}

#endif /* BT_RULE_H */
