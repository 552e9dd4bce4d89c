/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* An open socket as a row for user space (struct bt_open); one of SCTP has a row for each address. */
#ifndef BT_SEE_BPF_H
#define BT_SEE_BPF_H

#include <bpf/bpf_endian.h>

#include "read.bpf.h"

static __always_inline void see_addresses(struct bt_sock *s, const struct sock_common *c)
{
	s->family = BPF_CORE_READ(c, skc_family);
	s->state = BPF_CORE_READ(c, skc_state);
	s->port = BPF_CORE_READ(c, skc_num);
	s->peer_port = bpf_ntohs(BPF_CORE_READ(c, skc_dport));
	s->cookie = BPF_CORE_READ(c, skc_cookie.counter);
	s->ifindex = BPF_CORE_READ(c, skc_bound_dev_if);
	s->reuse = BPF_CORE_READ_BITFIELD_PROBED(c, skc_reuse);
	s->reuseport = BPF_CORE_READ_BITFIELD_PROBED(c, skc_reuseport);
	s->v6only = BPF_CORE_READ_BITFIELD_PROBED(c, skc_ipv6only);
	if (s->family == AF_INET6) {
		bpf_core_read(s->addr, 16, &c->skc_v6_rcv_saddr);
		bpf_core_read(s->peer, 16, &c->skc_v6_daddr);
	} else {
		bpf_core_read(s->addr, 4, &c->skc_rcv_saddr);
		bpf_core_read(s->peer, 4, &c->skc_daddr);
	}
}

/* Everything of a full socket. */
static __always_inline void see_sock(struct bt_open *o, const struct sock *sk)
{
	o->sock.sk = (__u64)sk;
	see_addresses(&o->sock, &sk->__sk_common);
	o->netns = BPF_CORE_READ(sk, __sk_common.skc_net.net, ns.inum);
	read_identity(&o->sock, sk, NULL);
	if (o->sock.protocol == BT_IPPROTO_SCTP)
		o->sock.reuse_sctp = read_reuse_sctp(sk);
	read_locks(&o->sock, sk);
}

/* Who has it open. */
static __always_inline void see_task(struct bt_open *o, const struct task_struct *task, __u32 fd)
{
	struct task_struct *leader = BPF_CORE_READ(task, group_leader);

	o->pid = BPF_CORE_READ(task, tgid);
	o->fd = fd;
	o->ppid = BPF_CORE_READ(task, real_parent, tgid);
	o->uid = BPF_CORE_READ(task, real_cred, uid.val);
	o->start_ns = BPF_CORE_READ(leader, start_boottime);
	bpf_core_read_str(o->comm, sizeof(o->comm), &leader->comm);
}

/*
 * struct sctp_sockaddr_entry, which only the module's own BTF has, and that not before 5.11: as it has been
 * since 2.6.25, and is on all kernels up to 7.2.
 */
struct sctp_entry {
	__u64 next, prev; /* list_head */
	__u64 rcu[2];
	__u16 family; /* union sctp_addr: sockaddr_in or sockaddr_in6 */
	__be16 port;
	__u8 rest[24];
	__u8 state;
	__u8 valid;
};

/* An IPv4 address of an IPv6 socket is told mapped. */
static __always_inline void see_entry(struct bt_sock *s, const struct sctp_entry *entry)
{
	__builtin_memset(s->addr, 0, sizeof(s->addr));
	if (entry->family == AF_INET6) {
		__builtin_memcpy(s->addr, entry->rest + 4, 16);
	} else if (s->family == AF_INET6) {
		s->addr[10] = s->addr[11] = 0xff;
		__builtin_memcpy(s->addr + 12, entry->rest, 4);
	} else {
		__builtin_memcpy(s->addr, entry->rest, 4);
	}
}

/* A place in the list of an endpoint's addresses. */
struct sctp_place {
	__u64 head, at;
};

static __always_inline struct sctp_place first_address(const struct sctp_sock *sctp)
{
	struct sctp_endpoint *ep = BPF_CORE_READ(sctp, ep);
	struct sctp_place place = {
		.head = (__u64)ep + bpf_core_field_offset(struct sctp_endpoint, base) +
			bpf_core_field_offset(struct sctp_ep_common, bind_addr) +
			bpf_core_field_offset(struct sctp_bind_addr, address_list),
		.at = (__u64)BPF_CORE_READ(ep, base.bind_addr.address_list.next),
	};

	return place;
}

/* Goes on to the next address; 0: there is none. One that is just being taken away does not count: -1. */
static __always_inline int next_address(struct sctp_place *place, struct bt_sock *s)
{
	struct sctp_entry entry = {};

	if (!place->at || place->at == place->head ||
	    bpf_probe_read_kernel(&entry, sizeof(entry), (void *)place->at))
		return 0;
	place->at = entry.next;
	if (!entry.valid)
		return -1;
	see_entry(s, &entry);
	return 1;
}

#endif /* BT_SEE_BPF_H */
