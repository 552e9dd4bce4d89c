// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Who has which port now, for `bindtrace ports`: iterators and nothing else, an object of its own, so that
 * tracing does not load them. What a process has open comes from all open files, in every network
 * namespace; what no process has (TIME_WAIT, orphans, the kernel's own) from the tables of one namespace.
 */
#include "core.bpf.h"
#include "rows.bpf.h"
#include "see.bpf.h"

enum { NEW_SYN_RECV = 12 };

const volatile __u64 port_tick_ns = 0; /* of one jiffy */

struct file_walk_map file_walk SEC(".maps"); /* what list_open gathers */

char _license[] SEC("license") = "Dual BSD/GPL";

/* A mini-socket is shorter than a socket: no more of it may be looked at. */
static __always_inline void see_mini(struct bt_open *o, const struct inet_timewait_sock *tw)
{
	__u64 now = bpf_jiffies64(), expires = BPF_CORE_READ(tw, tw_timer.expires);
	__u32 flags = BPF_CORE_READ(tw, tw_timer.flags);

	o->start_ns = bpf_ktime_get_boot_ns();
	o->sock.sk = (__u64)tw;
	see_addresses(&o->sock, &tw->__tw_common);
	o->netns = BPF_CORE_READ(tw, __tw_common.skc_net.net, ns.inum);
	o->sock.protocol = IPPROTO_TCP;
	o->sock.flags = BT_SOCK_MINI | BT_SOCK_NO_SOCKET;
	o->sock.substate = BPF_CORE_READ(tw, tw_substate);
	o->sock.timer_left_ns = (__s64)(expires - now) * (__s64)port_tick_ns;
	o->sock.frees_in_ns = (__s64)(bt_wheel_jiffy(expires, flags) - now) * (__s64)port_tick_ns;
}

static __always_inline bool has_port(const struct bt_sock *s)
{
	bool known = s->protocol == IPPROTO_TCP || s->protocol == IPPROTO_MPTCP || bt_is_udp(s) ||
		     bt_is_sctp(s);

	return s->port && known && (s->family == AF_INET || s->family == AF_INET6);
}

/* Every open socket with a port, once for each descriptor; one of SCTP once more for each further address. */
SEC("iter/task_file")
int list_open(struct bpf_iter__task_file *ctx)
{
	struct task_struct *task = ctx->task;
	struct file *file = ctx->file;
	struct file_walk *w;
	__u32 zero = 0;
	struct sock *sk;

	w = bpf_map_lookup_elem(&file_walk, &zero);
	if (!task || !file || !w)
		return 0;
	sk = sock_of_file(file);
	if (!sk)
		return 0;
	w->n_rows = 0;
	__builtin_memset(&w->open, 0, sizeof(w->open));
	see_sock(&w->open, sk);
	if (!has_port(&w->open.sock))
		return 0;
	see_task(&w->open, task, ctx->fd);
	if (bt_is_sctp(&w->open.sock))
		add_addresses(w, zero);
	else
		add_open(w);
	write_rows(ctx->meta->seq, w, w->n_rows * sizeof(w->open));
	return 0;
}

/* The TCP sockets of this network namespace that listen or are connected, mini-sockets among them. */
SEC("iter/tcp")
int list_tcp(struct bpf_iter__tcp *ctx)
{
	struct sock_common *c = ctx->sk_common;
	struct bt_open open = {};
	__u8 state;

	if (!c)
		return 0;
	state = BPF_CORE_READ(c, skc_state);
	if (state == NEW_SYN_RECV) /* a request is no socket yet, and holds no port */
		return 0;
	if (state == BT_TCP_TIME_WAIT)
		see_mini(&open, (const void *)c);
	else
		see_sock(&open, (const void *)c);
	if (has_port(&open.sock))
		bpf_seq_write(ctx->meta->seq, &open, sizeof(open));
	return 0;
}

SEC("iter/udp")
int list_udp(struct bpf_iter__udp *ctx)
{
	struct udp_sock *udp = ctx->udp_sk;
	struct bt_open open = {};

	if (!udp)
		return 0;
	see_sock(&open, (const void *)udp);
	if (has_port(&open.sock))
		bpf_seq_write(ctx->meta->seq, &open, sizeof(open));
	return 0;
}
