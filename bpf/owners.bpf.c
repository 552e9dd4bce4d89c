// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Who made a socket listen or connect, and who closed it.
 *
 * inet_sock_set_state runs in the context of the task that calls listen(), connect(), close(), shutdown()
 * or exits, for these four transitions; all later ones happen in softirq and say nothing about a task.
 */
#include "core.bpf.h"
#include "deed.bpf.h"
#include "doer.bpf.h"
#include "read.bpf.h"
#include "typed.bpf.h"

static __always_inline __u64 deed_key(struct sock *sk)
{
	const struct sock_common *c = &sk->__sk_common;

	if (config.has_cookie)
		return bpf_get_socket_cookie(sk);
	return tuple_key(c->skc_net.net->ns.inum, c);
}

/* again: this is the program that makes up for skips; most of the time it finds the deed there. */
static __always_inline bool is_remembered(__u64 key, __u32 state)
{
	const struct bt_deed *there = state & CLOSES ? recent_deed(&closers, key) : opener_of(key);

	return there && there->pid == bpf_get_current_pid_tgid() >> 32;
}

static __always_inline void write_recent(void *map, __u64 key, const struct bt_deed *deed)
{
	__u32 at = BT_RECENT_AT(key);
	struct bt_recent *recent = bpf_map_lookup_elem(map, &at);

	if (!recent)
		return;
	recent->key = key;
	recent->check = bt_recent_check(key, deed);
	__builtin_memcpy(&recent->deed, deed, sizeof(*deed));
}

/*
 * Who has thousands of connections makes as many deeds a second: they go to their places without a search. That
 * of a listener has to stay there however many come after it.
 *
 * From 6.2 on the verifier looks through all types of the kernel wherever a pointer is taken out of a task, on
 * each way that leads there. So it is one way for openers and closers, and what it is about is asked anew.
 */
__noinline int bt_remember(__u64 key, __u32 state)
{
	struct bt_deed deed;

	fill_deed(&deed);
	asm volatile("" : "+r"(state));
	if (state & CLOSES)
		write_recent(&closers, key, &deed);
	else if (state & 1 << BT_TCP_SYN_SENT)
		write_recent(&connectors, key, &deed);
	else
		bpf_map_update_elem(&openers, &key, &deed, BPF_ANY);
	keep_cmdline_of(&deed);
	return 0;
}

/* Before cookies a socket is known by its address, with which no program may reckon. */
static __always_inline void remember_address(struct sock *sk)
{
	__u64 key = (__u64)sk;
	struct bt_deed deed;

	fill_deed(&deed);
	bpf_map_update_elem(&openers, &key, &deed, BPF_ANY);
	keep_cmdline_of(&deed);
}

static __always_inline void remember_state(struct sock *sk, __u32 state, bool again)
{
	__u64 key;

	if (!config.has_cookie && state & OPENS) {
		remember_address(sk);
		return;
	}
	key = deed_key(sk);
	asm volatile("" : "+r"(state));
	if (!again || !is_remembered(key, state))
		bt_remember(key, state);
}

static __always_inline int set_state(struct sock *sk, __u32 newstate, bool again)
{
	__u32 state = 1u << (newstate & 31);
	__u64 key = (__u64)sk;

	if (state & (OPENS | CLOSES)) {
		remember_state(sk, state, again);
		if (newstate == BT_TCP_LISTEN && config.hook == BT_HOOK_ITERATOR)
			remember_listen(sk);
	} else if (newstate == BT_TCP_CLOSE && !config.has_cookie) {
		/* the next socket at this address is another one */
		bpf_map_delete_elem(&openers, &key);
	}
	return 0;
}

SEC("tp_btf/inet_sock_set_state")
int BPF_PROG(on_set_state, struct sock *sk, int oldstate, int newstate)
{
	return set_state(sk, newstate, false);
}

/*
 * While a task that runs a program is preempted, the kernel skips that program for all others on its CPU
 * (bpf_trace_run's prog->active). A preemptible kernel gets a second one, which does what was skipped.
 */
SEC("tp_btf/inet_sock_set_state")
int BPF_PROG(on_set_state_skipped, struct sock *sk, int oldstate, int newstate)
{
	return set_state(sk, newstate, true);
}

/*
 * The same where functions of the kernel can be hooked: a program that is run at every change of state costs a
 * connection more than these together. tcp_close() and tcp_shutdown() come to tcp_send_fin() from both states, in
 * the task that closes. Where connect() and listen() are hooked for their refusals by fexit, those see the openers.
 */
static __always_inline int remember_call(struct sock *sk, __u32 state, bool again)
{
	__u64 key = bpf_get_socket_cookie(sk);

	if (!again || !is_remembered(key, 1u << state))
		bt_remember(key, 1u << state);
	return 0;
}

SEC("fentry/tcp_send_fin")
int BPF_PROG(on_fin, struct sock *sk)
{
	return remember_call(sk, FIN_WAIT1, false);
}

SEC("fentry/tcp_send_fin")
int BPF_PROG(on_fin_skipped, struct sock *sk)
{
	return remember_call(sk, FIN_WAIT1, true);
}

SEC("fentry/tcp_connect")
int BPF_PROG(on_connect, struct sock *sk)
{
	return remember_call(sk, BT_TCP_SYN_SENT, false);
}

SEC("fentry/tcp_connect")
int BPF_PROG(on_connect_skipped, struct sock *sk)
{
	return remember_call(sk, BT_TCP_SYN_SENT, true);
}

/* It may be refused yet; then nobody asks who opened the socket that does not listen. */
SEC("fentry/inet_csk_listen_start")
int BPF_PROG(on_listen, struct sock *sk)
{
	return remember_call(sk, BT_TCP_LISTEN, false);
}

SEC("fentry/inet_csk_listen_start")
int BPF_PROG(on_listen_skipped, struct sock *sk)
{
	return remember_call(sk, BT_TCP_LISTEN, true);
}

/*
 * A server that exits without closing has no memory left when its sockets close: keep its command line now. Whichever
 * thread it was that called exec(), it is the leader by now, and has its start (de_thread()).
 */
SEC("tp_btf/sched_process_exec")
int BPF_PROG(on_exec, struct task_struct *task)
{
	struct arguments arguments = {};

	if (config.hook == BT_HOOK_ITERATOR)
		find_typed_arguments(&arguments, task);
	else
		find_arguments(&arguments);
	keep_cmdline(&arguments, task->start_boottime, task->tgid, true);
	return 0;
}

static __always_inline bool is_tcp(const struct sock *sk)
{
	__u16 family = BPF_CORE_READ(sk, __sk_common.skc_family);

	return (family == AF_INET || family == AF_INET6) &&
	       BPF_CORE_READ(sk, sk_protocol) == IPPROTO_TCP;
}

/*
 * Run once at the start: every TCP socket that is open already gets its process as opener, and the
 * process is written out, so that user space can add its command line to the cmdlines map.
 */
SEC("iter/task_file")
int seed_openers(struct bpf_iter__task_file *ctx)
{
	struct task_struct *task = ctx->task;
	struct file *file = ctx->file;
	struct bt_sharer sharer = {};
	struct bt_deed deed = {};
	struct sock *sk;
	__u64 key;

	if (!task || !file)
		return 0;
	sk = sock_of_file(file);
	if (!sk || !is_tcp(sk))
		return 0;
	fill_sharer(&sharer, task, ctx->fd);
	deed.pid = sharer.pid;
	deed.uid = sharer.uid;
	deed.start_ns = sharer.start_ns;
	__builtin_memcpy(deed.comm, sharer.comm, sizeof(deed.comm));
	key = (__u64)sk;
	if (config.has_cookie) {
		struct socket *socket = bpf_sock_from_file(file);

		key = socket && socket->sk ? bpf_get_socket_cookie(socket->sk) : 0;
	}
	if (key)
		bpf_map_update_elem(&openers, &key, &deed, BPF_NOEXIST);
	bpf_seq_write(ctx->meta->seq, &sharer, sizeof(sharer));
	return 0;
}
