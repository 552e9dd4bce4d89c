/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the task asked for: the address argument of the call, and where its paths begin. */
#ifndef BT_ASKED_BPF_H
#define BT_ASKED_BPF_H

#include "core.bpf.h"

#include <bpf/bpf_endian.h>

struct sockaddr_any {
	__u16 family;
	__be16 port;
	__u8 rest[24]; /* sin_addr, or flowinfo, sin6_addr and scope */
} __attribute__((aligned(4)));

/* An address, or the n words of it: what clang does not know to be aligned it copies byte by byte. */
static __always_inline void copy_words(void *to, const void *from, int n)
{
	int i;

#pragma unroll
	for (i = 0; i < n; i++)
		((__u32 *)to)[i] = ((const __u32 *)from)[i];
}

/* Where kernel memory is closed, addresses are in user memory, and the verifier must see no other reading. */
static __always_inline long read_asked(const struct work *w, void *to, __u32 len, __u64 from)
{
	if (config.hook == BT_HOOK_ITERATOR || w->user_uaddr)
		return bpf_probe_read_user(to, len, (void *)from);
	return bpf_probe_read_kernel(to, len, (void *)from);
}

/* The address argument, as far as it is long enough to be one. false: not even its family could be read. */
static __always_inline bool read_argument(const struct work *w, struct sockaddr_any *sa)
{
	__u32 len = w->rec.addr_len >= 28 ? 28 : 16;
	long failed;

	if (w->rec.addr_len < 16 && w->user_uaddr)
		len = 2;
	failed = read_asked(w, sa, len, w->uaddr);
	return !failed && w->rec.addr_len >= 2;
}

/*
 * SCTP takes an IPv4 address on an IPv6 socket for its mapped one, and turns a mapped one into it before the
 * hook can see it (sctp_v6_map_v4): whichever was given, the mapped one is told.
 */
static __always_inline void map_address(struct bt_sock *s, const struct sockaddr_any *sa)
{
	s->addr[10] = s->addr[11] = 0xff;
	copy_words(s->addr + 12, sa->rest, 1);
}

/* A link-local address names its interface, which the kernel takes for the socket's. */
static __always_inline void read_scope(struct work *w, const struct sockaddr_any *sa)
{
	__u32 scope;

	__builtin_memcpy(&scope, sa->rest + 20, sizeof(scope));
	if (scope && w->rec.addr_len >= 28 && sa->rest[4] == 0xfe && (sa->rest[5] & 0xc0) == 0x80)
		w->rec.sock.ifindex = scope;
}

/* The family of the record is the address's, but where the address is taken for one of the socket's. */
static __always_inline bool keeps_family(const struct bt_sock *s)
{
	return s->protocol == BT_IPPROTO_SCTP || s->protocol == BT_IPPROTO_RAW;
}

static __always_inline void read_address(struct work *w)
{
	struct sockaddr_any sa = {};
	struct bt_sock *s = &w->rec.sock;

	if (!read_argument(w, &sa))
		return;
	w->rec.sa_family = sa.family;
	if (!keeps_family(s) && (sa.family == AF_INET || sa.family == AF_INET6))
		s->family = sa.family;
	if (w->rec.addr_len < 16 || !s->family || !bt_takes_family(s, sa.family))
		return;
	if (s->protocol != BT_IPPROTO_RAW)
		s->port = bpf_ntohs(sa.port);
	if (s->protocol == BT_IPPROTO_SCTP && s->family != sa.family) {
		map_address(s, &sa);
	} else if (s->family == AF_INET6) {
		copy_words(s->addr, sa.rest + 4, 4);
		read_scope(w, &sa);
	} else {
		copy_words(s->addr, sa.rest, 1);
	}
}

/*
 * A BPF program may write into the kernel's copy of the address: what bind(2) was called with is still in the
 * task's memory. Called after the programs have been read: without one that differs for another reason.
 */
static __always_inline void read_unchanged(struct work *w, __u64 user_uaddr)
{
	struct sockaddr_any sa = {};
	struct bt_record *r = &w->rec;
	bool six = r->sock.family == AF_INET6;
	__u32 len = six ? 28 : 16;

	/* what comes after a shorter one is not what the kernel's copy has there */
	if (!r->n_programs || r->addr_len < len ||
	    bpf_probe_read_user(&sa, six ? 28 : 16, (void *)user_uaddr))
		return;
	r->asked_port = bpf_ntohs(sa.port);
	if (six)
		copy_words(r->asked_addr, sa.rest + 4, 4);
	else
		copy_words(r->asked_addr, sa.rest, 1);
	r->rewritten = r->asked_port != r->sock.port ||
		       !bt_same_address(r->asked_addr, AF_INET6, r->sock.addr, AF_INET6);
}

/* Whom connect() wanted to reach: the socket has forgotten it when the call has failed. */
static __always_inline void read_destination(struct work *w)
{
	struct sockaddr_any sa = {};

	if (!read_argument(w, &sa) || w->rec.addr_len < 16)
		return;
	w->rec.sa_family = sa.family;
	w->rec.sock.peer_port = bpf_ntohs(sa.port);
	if (sa.family == AF_INET6)
		copy_words(w->rec.sock.peer, sa.rest + 4, 4);
	else
		copy_words(w->rec.sock.peer, sa.rest, 1);
}

/* The name of a UNIX socket: a path, or bytes after a NUL (abstract). */
static __always_inline void read_path(struct work *w)
{
	__u64 len = w->rec.addr_len, from = w->uaddr + 2; /* sun_path */
	long failed;

	if (len < 2)
		return;
	failed = read_asked(w, &w->rec.sa_family, 2, w->uaddr);
	len -= 2;
	if (failed || !len || w->rec.sa_family != AF_UNIX)
		return;
	if (len > BT_PATH_LEN)
		len = BT_PATH_LEN;
	asm volatile("" : "+r"(len));
	if (len > BT_PATH_LEN)
		return;
	failed = read_asked(w, w->rec.path, len, from);
	w->rec.path_len = failed ? 0 : len;
}

/* listen() has no address argument: the name of the socket itself. */
static __always_inline void read_own_name(struct work *w, const struct sock *sk)
{
	const struct unix_sock *u = (const void *)sk;
	struct unix_address *addr = BPF_CORE_READ(u, addr);
	__u32 len = addr ? BPF_CORE_READ(addr, len) : 0;
	__u64 from = (__u64)addr + bpf_core_field_offset(struct unix_address, name);

	if (len <= 2)
		return;
	len -= 2;
	if (len > BT_PATH_LEN)
		len = BT_PATH_LEN;
	asm volatile("" : "+r"(len));
	if (len > BT_PATH_LEN)
		return;
	from += bpf_core_field_offset(struct sockaddr_un, sun_path);
	if (!bpf_probe_read_kernel(w->rec.path, len, (void *)from))
		w->rec.path_len = len;
}

/* Where the path begins: only a process with the same root may look it up once the asker is gone. */
static __always_inline void read_root(struct bt_record *r)
{
	struct task_struct *task = (void *)bpf_get_current_task();
	struct inode *root = BPF_CORE_READ(task, fs, root.dentry, d_inode);

	r->mntns = BPF_CORE_READ(task, nsproxy, mnt_ns, ns.inum);
	r->root_inode = BPF_CORE_READ(root, i_ino);
	r->root_device = BPF_CORE_READ(root, i_sb, s_dev);
}

#endif /* BT_ASKED_BPF_H */
