// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Who is on the port: a walk of its bind bucket, in the task that was refused.
 *
 * No lock is held and no RCU protects the chains (docs/kernel.md 3.4): every node is checked to belong to the
 * port and namespace before it counts, the walk is bounded, and a walk that met something else is made
 * again. Reads never fault; the worst outcome is a walk that is marked stale.
 */
#include "core.bpf.h"
#include "node.bpf.h"
#include "read.bpf.h"
#include "tally.h"

/*
 * The verifier goes through every turn of a loop: three short ones in functions of their own cost it less than a
 * long one.
 */
enum { STEPS = 16, BATCHES = 16, ROUNDS = 32, RETRIES = 4 };
/* The task that was refused waits for the walk. A step takes 0.1 us, or twice that where memory is cold. */
enum { MAX_NS = 800000 };
/* Whom the kernel asks first: the table that is keyed by address has wildcards in one list of their own. */
enum { FIRST_IN_LIST, FIRST_WILDCARD, FIRST_SPECIFIC };
enum { UDP_CROWDED = 10 }; /* hslot->count beyond which udp_lib_get_port() looks there */

/*
 * Is this the socket on which the kernel's own walk stops? The first in the way, of those it asks first. Where
 * a UDP client that connected from a wildcard stands among those of its new address, the list does not tell.
 */
static __always_inline bool is_culprit(const struct work *w, bool any)
{
	if (w->culprit < 0)
		return true;
	return (w->first == FIRST_WILDCARD && any && !w->culprit_any) ||
	       (w->first == FIRST_SPECIFIC && !any && w->culprit_any);
}

static __always_inline void visit(__u32 slot, struct work *w)
{
	bool any, culprit;
	__u32 class;

	if (!read_node(w) || !is_in_list(w)) {
		w->failed = 1;
		w->node = 0;
		return;
	}
	w->node = next_node(w);
	if (w->seen_sk == w->sk || !is_on_port(w))
		return;
	see_node(w);
	if (w->seen.reuseport && !(w->seen.flags & BT_SOCK_MINI))
		bt_identify(slot);
	bt_judge(slot);

	any = bt_is_any(&w->seen);
	culprit = w->blocks && is_culprit(w, any);
	class = bt_class(&w->rec, &w->seen, w->blocks);
	if (class > BT_CLASS_OTHER)
		return;
	if (w->quota[class] < bt_quota(class))
		w->quota[class]++;
	else if (!culprit)
		return;
	if (w->rec.n_holders >= BT_MAX_HOLDERS)
		return;
	w->place = w->rec.n_holders++;
	if (culprit) {
		w->culprit = w->place;
		w->culprit_any = any;
	}
	bt_describe(slot);
}

/* The next bucket of the hash chain; its sockets if it is the one of this port and namespace. */
static __always_inline void enter_bucket(struct work *w)
{
	const struct inet_bind_bucket *tb = (const void *)w->raw;
	const struct inet_bind_bucket___owners *old = (const void *)w->raw;
	__u64 there = w->tb - bpf_core_field_offset(struct inet_bind_bucket, node);
	__u32 size = bpf_core_type_size(struct inet_bind_bucket);

	w->tb = 0;
	if (size > sizeof(w->raw) || bpf_probe_read_kernel(w->raw, size, (void *)there))
		return;
	w->tb = (__u64)tb->node.next;
	if (tb->port != w->rec.sock.port || (__u64)tb->ib_net.net != w->net ||
	    (__u32)tb->l3mdev != w->l3mdev)
		return;
	w->rec.fastreuse = tb->fastreuse;
	if (bpf_core_field_exists(old->owners))
		w->node = (__u64)old->owners.first;
	else
		w->tb2 = (__u64)tb->bhash2.first;
}

/* 6.8 and later: the sockets of one port hang in groups of one address. */
static __always_inline void enter_address(struct work *w)
{
	struct inet_bind2_bucket *tb2 = NULL;
	__u32 node = bpf_core_field_offset(tb2->bhash_node), owners;
	__u64 next_first[3] = {};

	tb2 = (void *)(w->tb2 - node);
	w->tb2 = 0;
	if (!bpf_core_field_exists(tb2->bhash_node))
		return;
	owners = bpf_core_field_offset(tb2->owners);
	if (owners == node + 16) { /* struct hlist_node */
		bpf_probe_read_kernel(next_first, sizeof(next_first), (void *)tb2 + node);
		w->tb2 = next_first[0];
		w->node = next_first[2];
	} else {
		w->tb2 = (__u64)BPF_CORE_READ(tb2, bhash_node.next);
		w->node = (__u64)BPF_CORE_READ(tb2, owners.first);
	}
}

/* One step of the walk of works[slot], to the next socket. 1: there is nothing more, or it was enough. */
__noinline int bt_step(__u32 slot)
{
	struct work *w = bpf_map_lookup_elem(&works, &slot);

	if (!w || !w->left)
		return 1;
	w->left--;
	if (!w->node && !w->tb2 && w->tb)
		enter_bucket(w);
	if (!w->node && w->tb2)
		enter_address(w);
	if (w->node)
		visit(slot, w);
	return !w->node && !w->tb2 && !w->tb;
}

__noinline int bt_steps(__u32 slot)
{
	int i;

	for (i = 0; i < STEPS; i++)
		if (bt_step(slot))
			return 1;
	return 0;
}

/* 1: there is nothing more, or it was enough, or it has taken too long. */
__noinline int bt_batches(__u32 slot)
{
	struct work *w = bpf_map_lookup_elem(&works, &slot);
	int i;

	for (i = 0; i < BATCHES; i++)
		if (bt_steps(slot))
			return 1;
	return !w || bpf_ktime_get_boot_ns() > w->until_ns;
}

/*
 * Beyond ten sockets in the list: its own address, then the wildcards. 5.10 does that for a wildcard, too,
 * and then meets only wildcards.
 */
static __always_inline __u32 first_of_udp(const struct work *w, __u32 count)
{
	if (count <= UDP_CROWDED)
		return FIRST_IN_LIST;
	if (!bt_is_any(&w->rec.sock))
		return FIRST_SPECIFIC;
	return w->rec.rule & BT_RULE_BHASH2 ? FIRST_IN_LIST : FIRST_WILDCARD;
}

/* udp_hashfn(); the table is the protocol's where it has one, else the namespace's. */
static __always_inline void start_udp(struct work *w)
{
	struct sock *sk = (struct sock *)w->sk;
	struct net *net = (struct net *)w->net;
	struct proto *prot = BPF_CORE_READ(sk, __sk_common.skc_prot);
	struct udp_table *table = NULL;
	struct udp_hslot *slot;

	if (bpf_core_field_exists(prot->h.udp_table))
		table = BPF_CORE_READ(prot, h.udp_table);
	if (!table && bpf_core_field_exists(net->ipv4.udp_table))
		table = BPF_CORE_READ(net, ipv4.udp_table);
	w->udp_mask = BPF_CORE_READ(table, mask);
	w->udp_at = (w->rec.sock.port + BPF_CORE_READ(net, hash_mix)) & w->udp_mask;
	slot = BPF_CORE_READ(table, hash);
	slot = (void *)((__u64)slot + (__u64)w->udp_at * bpf_core_type_size(struct udp_hslot));
	w->node = (__u64)BPF_CORE_READ(slot, head.first);
	w->first = first_of_udp(w, BPF_CORE_READ(slot, count));
	w->tb = 0;
	w->link = bpf_core_field_offset(struct sock_common, skc_node);
}

/* The table of ports, copied out: bhash and bhash_size are what is looked at. NULL: it cannot be read. */
static __always_inline const struct inet_hashinfo *read_table(struct work *w, const struct net *net)
{
	struct inet_hashinfo *info = BPF_CORE_READ(net, ipv4.tcp_death_row.hashinfo);
	__u32 size = bpf_core_field_offset(info->bhash_size) + sizeof(info->bhash_size);

	if (size > sizeof(w->near) || bpf_probe_read_kernel(w->near, size, info))
		return NULL;
	return (const struct inet_hashinfo *)w->near;
}

/* inet_bhashfn(); the stride is the kernel's: spinlock_t differs between builds */
static __always_inline void start_tcp(struct work *w)
{
	struct net *net = (struct net *)w->net;
	const struct inet_hashinfo *info = read_table(w, net);
	__u32 size = info ? info->bhash_size : 1, at;
	struct inet_bind_hashbucket *head = info ? info->bhash : NULL;

	at = (w->rec.sock.port + BPF_CORE_READ(net, hash_mix)) & (size - 1);
	head = (void *)((__u64)head + (__u64)at * bpf_core_type_size(struct inet_bind_hashbucket));
	w->tb = (__u64)BPF_CORE_READ(head, chain.first);
	w->node = 0;
	/* from 6.1 on a specific address looks through the wildcard buckets first */
	w->first = (w->rec.rule & BT_RULE_BHASH2) && !bt_is_any(&w->rec.sock) ? FIRST_WILDCARD
									      : FIRST_IN_LIST;
	w->link = bpf_core_field_offset(struct sock_common, skc_bind_node);
}

static __always_inline void start_walk(struct work *w)
{
	if (bt_is_udp(&w->rec.sock))
		start_udp(w);
	else
		start_tcp(w);
	w->tb2 = 0;
	w->failed = 0;
	w->culprit = -1;
	w->culprit_any = 0;
	w->rec.n_holders = 0;
	__builtin_memset(w->quota, 0, sizeof(w->quota));
	__builtin_memset(&w->rec.totals, 0, sizeof(w->rec.totals));
}

/* One walk from the head of the chain. Sets BT_WALK_DONE or BT_WALK_TRUNCATED. Always 0. */
__noinline int bt_walk_once(__u32 slot)
{
	struct work *w = bpf_map_lookup_elem(&works, &slot);
	int i;

	if (!w)
		return 0;
	start_walk(w);
	/* most ports have one holder: each call costs the asker some ten nanoseconds (AMD's safe return) */
	if (bt_step(slot))
		goto out;
	for (i = 0; i < ROUNDS; i++)
		if (bt_batches(slot))
			break;
out:
	w->rec.walk = !w->node && !w->tb2 && !w->tb ? BT_WALK_DONE : BT_WALK_TRUNCATED;
	return 0;
}

/*
 * Fills works[slot].rec with the holders and totals of rec.sock.port, as rec.sock would meet them.
 * Needs: work.sk, work.net, rec.hdr, rec.sock, rec.rule. Always 0.
 */
__noinline int bt_walk(__u32 slot)
{
	struct work *w = bpf_map_lookup_elem(&works, &slot);
	int i;

	if (!w)
		return 0;
	w->l3mdev = 0;
	if (w->rec.sock.ifindex)
		bt_find_vrf(slot);
	w->left = STEPS * BATCHES * ROUNDS; /* and no further, the first step included */
	w->until_ns = w->rec.hdr.boottime_ns + MAX_NS;
	for (i = 0; i < RETRIES; i++) {
		bt_walk_once(slot);
		if (!w->failed)
			break;
	}
	if (w->failed)
		w->rec.walk |= BT_WALK_STALE;
	if (w->culprit >= 0 && w->culprit < BT_MAX_HOLDERS)
		w->rec.holders[w->culprit].sock.flags |= BT_SOCK_CULPRIT;
	return 0;
}
