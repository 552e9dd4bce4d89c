/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Readings through pointers whose type the verifier knows, for kernels that keep their memory closed
 * (lockdown=confidentiality refuses bpf_probe_read_kernel): every access here is a plain load, which the
 * verifier checks against the kernel's BTF.
 */
#ifndef BT_TYPED_BPF_H
#define BT_TYPED_BPF_H

#include <bpf/bpf_endian.h>

#include "core.bpf.h"

enum { BOUND_ADDR_LOCK = 4, BOUND_PORT_LOCK = 8 };

/* Of what full sockets and mini-sockets have in common; *s is zero. */
static __always_inline void typed_common(struct bt_sock *s, const struct sock_common *c)
{
	__u32 *addr = (__u32 *)s->addr, *peer = (__u32 *)s->peer;
	int i;

	s->sk = (__u64)c;
	s->cookie = c->skc_cookie.counter;
	s->family = c->skc_family;
	s->state = c->skc_state;
	s->port = c->skc_num;
	s->peer_port = bpf_ntohs(c->skc_dport);
	s->ifindex = c->skc_bound_dev_if;
	s->reuse = BPF_CORE_READ_BITFIELD(c, skc_reuse);
	s->reuseport = BPF_CORE_READ_BITFIELD(c, skc_reuseport);
	s->v6only = BPF_CORE_READ_BITFIELD(c, skc_ipv6only);
	if (s->family != AF_INET6) {
		addr[0] = c->skc_rcv_saddr;
		peer[0] = c->skc_daddr;
		return;
	}
	for (i = 0; i < 4; i++) {
		addr[i] = c->skc_v6_rcv_saddr.in6_u.u6_addr32[i];
		peer[i] = c->skc_v6_daddr.in6_u.u6_addr32[i];
	}
}

/*
 * The inode number, and the uid that the SO_REUSEPORT rule compares (see read_identity): sk_uid is the uid
 * of the socket's inode as long as there is one (sock_init_data, sock_graft, sockfs_setattr).
 */
static __always_inline void typed_identity(struct bt_sock *s, const struct sock *sk)
{
	const struct sock___ino *sk_ino = (const void *)sk;
	const struct socket *socket = sk->sk_socket;

	if (!socket)
		s->flags |= BT_SOCK_NO_SOCKET;
	if (bpf_core_field_exists(sk_ino->sk_ino)) {
		s->uid = sk->sk_uid.val;
		s->inode = socket ? sk_ino->sk_ino : 0;
	} else if (socket) {
		s->uid = sk->sk_uid.val;
		s->inode = socket->file->f_inode->i_ino;
	}
}

static __always_inline void typed_protocol(struct bt_sock *s, const struct sock *sk)
{
	const struct tcp_sock *tcp = (const void *)sk;

	s->protocol = sk->sk_protocol;
	if (s->protocol != IPPROTO_TCP || !bpf_core_field_exists(tcp->is_mptcp))
		return;
	tcp = bpf_skc_to_tcp_sock((void *)sk);
	if (tcp && tcp->is_mptcp)
		s->protocol = IPPROTO_MPTCP;
}

/* Everything of a full socket; *s is zero. */
static __always_inline void typed_sock(struct bt_sock *s, const struct sock *sk)
{
	__u32 locks = BPF_CORE_READ_BITFIELD(sk, sk_userlocks);

	typed_common(s, &sk->__sk_common);
	typed_identity(s, sk);
	typed_protocol(s, sk);
	if (locks & BOUND_ADDR_LOCK)
		s->flags |= BT_SOCK_BOUND_ADDR;
	if (locks & BOUND_PORT_LOCK)
		s->flags |= BT_SOCK_BOUND_PORT;
}

/* What the port's rules ask of a namespace. */
static __always_inline void typed_namespace(struct attempt *a, const struct net *net)
{
	const struct local_ports *ports = &net->ipv4.ip_local_ports;
	const struct local_ports___pair *pair = (const void *)ports;

	a->netns = net->ns.inum;
	if (bpf_core_field_exists(net->net_cookie))
		a->netns_cookie = (__u32)net->net_cookie;
	a->unprivileged_start = net->ipv4.sysctl_ip_prot_sock;
	if (bpf_core_field_exists(pair->range)) {
		a->port_low = pair->range[0];
		a->port_high = pair->range[1];
	} else {
		__u32 range = ports->range;

		a->port_low = range;
		a->port_high = range >> 16;
	}
}

/* Is it in a live SO_REUSEPORT group? */
static __always_inline bool typed_grouped(const struct sock *sk)
{
	const struct sock_reuseport *group = sk->sk_reuseport_cb;

	if (!group)
		return false;
	return !bpf_core_field_exists(group->num_closed_socks) || !group->num_closed_socks;
}

/* The asking socket as it is before the call does anything. */
static __always_inline void typed_asker(struct attempt *a, const struct sock *sk)
{
	typed_sock(&a->sock, sk);
	typed_namespace(a, sk->__sk_common.skc_net.net);
	if (typed_grouped(sk))
		a->sock.flags |= BT_SOCK_GROUPED;
	a->sk_type = sk->sk_type;
	a->bound_port = a->sock.port;
	a->judgeable = 1;
}

/* listen() has made it LISTEN; it is taken back when the port turns out to be another's (inet_csk_listen_start). */
static __always_inline void remember_listen(const struct sock *sk)
{
	__u64 id = bpf_get_current_pid_tgid();
	struct attempt a = { .operation = BT_OP_LISTEN };

	typed_asker(&a, sk);
	a.sock.state = BT_TCP_CLOSE;
	bpf_map_update_elem(&attempts, &id, &a, BPF_ANY);
}

#endif /* BT_TYPED_BPF_H */
