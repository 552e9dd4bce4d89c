/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What every way in does with a call that has ended. */
#ifndef BT_REFUSED_BPF_H
#define BT_REFUSED_BPF_H

#include <bpf/bpf_endian.h>

#include "core.bpf.h"
#include "read.bpf.h"
#include "wanted.bpf.h"

enum { EAGAIN = 11, EADDRNOTAVAIL = 99 };

/* The port a call is about, before anything else of it is looked at. */
static __always_inline __u16 port_of(const struct call *call)
{
	const void *at = (const void *)(call->uaddr + 2); /* sin_port, sin6_port */
	const struct sock *sk = (const struct sock *)call->sk;
	__be16 port = 0;

	if (call->operation == BT_OP_LISTEN)
		return BPF_CORE_READ(sk, __sk_common.skc_num);
	if (call->in_user)
		bpf_probe_read_user(&port, sizeof(port), at);
	else
		bpf_probe_read_kernel(&port, sizeof(port), at);
	return bpf_ntohs(port);
}

static __always_inline const struct sock *sock_of(const struct call *call)
{
	const struct socket *socket = (const void *)call->sk;

	return call->is_socket ? BPF_CORE_READ(socket, sk) : (const struct sock *)call->sk;
}

/* Does anybody want to know of this call although it succeeded? */
static __always_inline bool success_wanted(const struct call *call)
{
	const struct sock *sk;

	if (config.successes)
		return true;
	if (!config.follow || !following)
		return false;
	sk = sock_of(call);
	/* a UNIX address has the first bytes of its name where others have the port */
	return BPF_CORE_READ(sk, __sk_common.skc_family) != AF_UNIX && is_followed(port_of(call));
}

/* The first address of a list is told, and how many bytes come after it. */
static __always_inline void cut_list(struct work *w)
{
	__u32 len = w->rec.addr_len, first;
	__u16 family = 0;

	bpf_probe_read_user(&family, sizeof(family), (void *)w->uaddr);
	first = family == AF_INET6 ? 28 : 16; /* sockaddr_in6, sockaddr_in */
	if (len <= first)
		return;
	w->rec.addr_len = first;
	w->rec.more_len = len - first;
}

/* But for the command line, of which nobody reads more than its length: zeroing takes time. In whole words. */
static __always_inline void zero_record(struct bt_record *r)
{
	enum {
		FIRST = (offsetof(struct bt_record, cmdline) + 7) / 8,
		SECOND = offsetof(struct bt_record, path) / 8,
		END = offsetof(struct bt_record, holders) / 8
	};
	__u64 *words = (__u64 *)r;

	__builtin_memset(words, 0, FIRST * 8);
	__builtin_memset(words + SECOND, 0, (END - SECOND) * 8);
}

/* Examines and tells of a call that was refused, or whose success somebody wants to know of. 0, as a program returns. */
static __always_inline int refused(const struct call *call, int ret)
{
	struct work *w;
	__u32 slot;

	if (ret >= 0 && !success_wanted(call))
		return 0;
	if (!take_work(&slot))
		return 0;
	w = bpf_map_lookup_elem(&works, &slot);
	if (!w)
		return 0;
	zero_record(&w->rec);
	w->sk = (__u64)sock_of(call);
	w->uaddr = call->uaddr;
	w->user_uaddr = call->in_user;
	w->rec.addr_len = call->addr_len;
	if (call->is_list)
		cut_list(w);
	w->rec.operation = call->operation;
	w->rec.who = call->who;
	w->rec.error = ret < 0 ? -ret : 0;
	if (bt_examine(slot)) {
		if (!call->light && has_port_table(&w->rec))
			bt_walk(slot);
		bt_emit(slot);
	}
	give_back(slot);
	return 0;
}

#endif /* BT_REFUSED_BPF_H */
