// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * One refusal, examined in the task that met it: who asked, for what, with which socket; then the
 * holders; then one record to user space.
 */
#include "asked.bpf.h"
#include "asker.bpf.h"
#include "core.bpf.h"
#include "read.bpf.h"
#include "wanted.bpf.h"

/*
 * An examination in parts: the verifier goes through each once, not on every way through the one before. What they
 * read is in works[slot]. Always 0, if nothing else is said.
 */

__noinline int bt_read_address(__u32 slot)
{
	struct work *w = bpf_map_lookup_elem(&works, &slot);

	if (w)
		read_address(w);
	return 0;
}

__noinline int bt_read_path(__u32 slot)
{
	struct work *w = bpf_map_lookup_elem(&works, &slot);

	if (w)
		read_path(w);
	return 0;
}

/* What was asked for, as far as the filters and the folding ask for it; the rest of it is of the socket. */
static __always_inline void read_inet(struct work *w, const struct sock_common *c)
{
	struct bt_sock *s = &w->rec.sock;

	s->ifindex = c->skc_bound_dev_if;
	s->v6only = BPF_CORE_READ_BITFIELD(c, skc_ipv6only);
	w->rec.bound_port = c->skc_num;
	if (w->uaddr && w->rec.operation == BT_OP_BIND)
		read_address(w);
	else
		read_bound(w, c);
	if (w->uaddr && w->rec.operation == BT_OP_CONNECT)
		read_destination(w);
	if (w->rec.operation == BT_OP_CONNECT && w->rec.bound_port)
		w->rec.rule |= BT_RULE_TUPLE;
}

static __always_inline void read_unix(struct work *w, __u32 slot)
{
	const struct sock *sk = (const struct sock *)w->sk;

	if (w->rec.operation == BT_OP_LISTEN)
		read_own_name(w, sk);
	else
		bt_read_path(slot);
	read_root(&w->rec);
}

/* What all sockets have in front is read at once. 0: of its family nothing is known here; else 1. */
__noinline int bt_read_sock(__u32 slot)
{
	struct work *w = bpf_map_lookup_elem(&works, &slot);
	__u32 size = bpf_core_type_size(struct sock_common);
	const struct sock_common *c;
	const struct sock *sk;
	struct sock_kind kind;
	struct bt_sock *s;
	struct net *net;

	if (!w)
		return 0;
	c = (const void *)w->raw;
	sk = (const struct sock *)w->sk;
	s = &w->rec.sock;
	if (size > sizeof(w->raw) || bpf_probe_read_kernel(w->raw, size, sk))
		return 0;
	s->sk = w->sk;
	s->family = c->skc_family;
	if (s->family != AF_INET && s->family != AF_INET6 && s->family != AF_UNIX)
		return 0;
	read_kind(&kind, sk, w->near);
	w->rec.sk_type = kind.type;
	s->state = c->skc_state;
	s->cookie = c->skc_cookie.counter;
	s->reuse = BPF_CORE_READ_BITFIELD(c, skc_reuse);
	s->reuseport = BPF_CORE_READ_BITFIELD(c, skc_reuseport);
	set_identity(s, sk, &kind, config.hook == BT_HOOK_TRACEPOINT);
	net = c->skc_net.net;
	w->net = (__u64)net;
	w->rec.task.netns = BPF_CORE_READ(net, ns.inum);
	if (bpf_core_field_exists(net->net_cookie))
		w->rec.task.netns_cookie = (__u32)BPF_CORE_READ(net, net_cookie);
	if (s->family == AF_UNIX)
		read_unix(w, slot);
	else
		read_inet(w, c);
	return 1;
}

/* The programs that were asked, and what they made of the address. */
static __always_inline void read_changes(struct work *w, __u32 slot, const struct entry *entry)
{
	const struct bt_record *r = &w->rec;

	if (!w->sk || r->sock.family == AF_UNIX)
		return;
	bt_read_programs(slot);
	if (w->uaddr && r->operation == BT_OP_BIND && !w->user_uaddr && r->error &&
	    bt_asks_programs(&r->sock) && !r->uring && entry->nr == SYS_BIND)
		read_unchanged(w, entry->args[1]);
}

__noinline int bt_read_rest_of_sock(__u32 slot)
{
	struct work *w = bpf_map_lookup_elem(&works, &slot);
	const struct sock *sk;
	struct bt_sock *s;
	struct net *net;

	if (!w || !w->sk || w->rec.sock.family == AF_UNIX)
		return 0;
	sk = (const struct sock *)w->sk;
	net = (struct net *)w->net;
	s = &w->rec.sock;
	read_flags(s, sk);
	/* a listen() that succeeded has made the group itself, and so has a bind() of UDP */
	if (is_grouped(sk) && (w->rec.error || (w->rec.operation != BT_OP_LISTEN && !bt_is_udp(s))))
		s->flags |= BT_SOCK_GROUPED;
	if (bt_is_sctp(s))
		s->reuse_sctp = read_reuse_sctp(sk);
	w->rec.unprivileged_start = BPF_CORE_READ(net, ipv4.sysctl_ip_prot_sock);
	read_port_range(&w->rec, net, sk);
	return 0;
}

/* The descriptor was no socket: only the task and the address argument are left to tell of. */
static __always_inline void read_no_sock(struct work *w, __u32 slot)
{
	struct task_struct *task = (void *)bpf_get_current_task();

	w->rec.task.netns = BPF_CORE_READ(task, nsproxy, net_ns, ns.inum);
	bt_read_address(slot);
	if (w->rec.sa_family == AF_UNIX) {
		w->rec.sock.family = AF_UNIX;
		bt_read_path(slot);
	}
}

/*
 * Somebody in the kernel tells of this bind(2) or listen(2), so the hook behind it need not. Not of a call
 * through io_uring or of the kernel's own: the mark would outlive it and silence another.
 */
static __always_inline void mark_told(const struct bt_record *r, const struct entry *entry)
{
	struct told_key key = { .tid = r->task.tid, .operation = r->operation };
	__u64 call = r->operation == BT_OP_BIND ? SYS_BIND : SYS_LISTEN;

	if ((r->operation == BT_OP_BIND || r->operation == BT_OP_LISTEN) && !r->uring &&
	    r->hook != BT_HOOK_TRACEPOINT && (r->who == BT_WHO_PROTOCOL || r->who == BT_WHO_LSM) &&
	    entry->nr == call)
		bpf_map_update_elem(&told, &key, &r->hdr.boottime_ns, BPF_ANY);
}

/*
 * The tables of these are not walked here, or not to their end: user space looks for the holders, a moment later. A
 * socket that was bound in between was not in the way.
 */
static __always_inline void remember_bound(const struct bt_record *r)
{
	__u64 sk = r->sock.sk;

	if (!r->error &&
	    (bt_is_sctp(&r->sock) || bt_is_ping(&r->sock) || is_followed(r->sock.port)))
		bpf_map_update_elem(&late, &sk, &r->hdr.boottime_ns, BPF_ANY);
}

/* The filters and the folding: 1: it is to be sent. */
__noinline int bt_pass(__u32 slot)
{
	struct work *w = bpf_map_lookup_elem(&works, &slot);

	return w && is_to_be_sent(&w->rec);
}

__noinline int bt_examine(__u32 slot)
{
	struct work *w = bpf_map_lookup_elem(&works, &slot);
	struct entry entry = {};
	struct bt_record *r;

	if (!w)
		return 0;
	r = &w->rec;
	r->hdr.version = BT_ABI_VERSION;
	r->hdr.boottime_ns = bpf_ktime_get_boot_ns();
	r->rule = config.rule;
	r->hook = config.hook;
	/* there it is known which call it was, and that its arguments are the task's */
	if (config.hook != BT_HOOK_TRACEPOINT)
		read_entry(&entry);
	read_task(r, &entry);
	/* security_socket_bind() is asked for every family */
	if (w->sk && !bt_read_sock(slot))
		return 0;
	if (!w->sk)
		read_no_sock(w, slot);
	if (r->error)
		mark_told(r, &entry);
	remember_bound(r);
	/* the port that was asked for is one that is filtered by, too */
	if (config.by_port)
		read_changes(w, slot, &entry);
	if (!bt_pass(slot))
		return 0;
	if (!config.by_port)
		read_changes(w, slot, &entry);
	bt_read_rest_of_sock(slot);
	read_rest_of_task(r);
	return 1;
}

/* The one place that writes to the ring buffer. */
__noinline int bt_emit(__u32 slot)
{
	struct work *w = bpf_map_lookup_elem(&works, &slot);
	struct bt_record *r;
	__u64 len;
	__u32 n;
	long failed = 1;

	if (!w)
		return 0;
	r = &w->rec;
	n = r->n_holders;
	if (n > BT_MAX_HOLDERS)
		n = BT_MAX_HOLDERS;
	len = offsetof(struct bt_record, holders) + n * sizeof(struct bt_holder);
	r->hdr.len = len;
	for (int i = 0; i < LOCK_TRIES && failed; i++)
		failed = bpf_ringbuf_output(&ring, r, len, 0);
	if (r->error)
		count(failed ? BT_LOST_RING : BT_SENT);
	return 0;
}
