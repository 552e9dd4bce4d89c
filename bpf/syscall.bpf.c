// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Rung 3: the tracepoints behind bind(2), listen(2) and connect(2), where trampolines and kprobes are
 * refused. On the other rungs they tell of SCTP: a module, which may be loaded later than we are.
 */
#include "refused.bpf.h"

enum { SCTP_SOCKOPT_BINDX_ADD = 100 };

struct sys_exit {
	__u64 common;
	__s32 nr;
	__u32 pad; /* not cleared by every kernel */
	__s64 ret;
};

/* The socket behind a file descriptor of the current task; 0 when it is none. */
static __always_inline struct sock *sock_of_fd(struct task_struct *task, __u32 fd)
{
	struct file *file = file_of_fd(task, fd);

	return file ? sock_of_file(file) : NULL;
}

/* Fills the call from the registers. */
static __always_inline void syscall_call(struct call *call, __u16 operation)
{
	struct task_struct *task = (void *)bpf_get_current_task();
	struct entry entry;

	read_entry(&entry);
	call->sk = (__u64)sock_of_fd(task, entry.args[0]);
	call->operation = operation;
	call->in_user = 1;
	if (operation != BT_OP_LISTEN) {
		call->uaddr = entry.args[1];
		call->addr_len = entry.args[2];
	}
}

static __always_inline __u16 protocol_of(const struct call *call)
{
	const struct sock *sk = (const struct sock *)call->sk;

	return read_protocol(sk);
}

/* Is the tracepoint the one that tells of this call of listen() or connect()? */
static __always_inline bool is_syscalls_own(const struct call *call)
{
	if (!call->sk)
		return false;
	return config.hook == BT_HOOK_TRACEPOINT || protocol_of(call) == BT_IPPROTO_SCTP;
}

/* Protocols whose connect() gives a socket a port that has none, and says EAGAIN when none is left. */
static __always_inline bool binds_itself(__u16 protocol)
{
	return protocol == BT_IPPROTO_UDP || protocol == BT_IPPROTO_UDPLITE ||
	       protocol == BT_IPPROTO_SCTP || protocol == BT_IPPROTO_ICMP ||
	       protocol == BT_IPPROTO_ICMPV6;
}

/* The ends below fill *call. true: it is to be told of, if it was refused or successes are wanted. */

static __always_inline bool bind_ended(const struct sys_exit *ctx, struct call *call)
{
	syscall_call(call, BT_OP_BIND);
	/* a descriptor that is closed since may have been anything */
	return call->sk || ctx->ret < 0;
}

static __always_inline bool listen_ended(const struct sys_exit *ctx, struct call *call)
{
	syscall_call(call, BT_OP_LISTEN);
	if (call->sk)
		return is_syscalls_own(call);
	return ctx->ret < 0 && config.hook == BT_HOOK_TRACEPOINT;
}

/* sctp_bindx(): the addresses stand one after the other. Which of them was refused is not told. */
static __always_inline bool setsockopt_ended(struct call *call)
{
	struct entry entry;

	read_entry(&entry);
	if (entry.args[1] != BT_IPPROTO_SCTP || entry.args[2] != SCTP_SOCKOPT_BINDX_ADD)
		return false;
	syscall_call(call, BT_OP_BIND);
	if (!call->sk || protocol_of(call) != BT_IPPROTO_SCTP)
		return false;
	call->uaddr = entry.args[3];
	call->addr_len = entry.args[4];
	call->is_list = 1;
	return true;
}

/* connect(): EADDRNOTAVAIL of TCP is about ports; of others EAGAIN is, when they have no port then. */
static __always_inline bool connect_ended(const struct sys_exit *ctx, struct call *call)
{
	const struct sock *sk;
	__u16 protocol;

	if (ctx->ret != -EADDRNOTAVAIL && ctx->ret != -EAGAIN)
		return false;
	syscall_call(call, BT_OP_CONNECT);
	if (!is_syscalls_own(call))
		return false;
	sk = (const struct sock *)call->sk;
	protocol = protocol_of(call);
	if (BPF_CORE_READ(sk, __sk_common.skc_family) == AF_UNIX)
		return false;
	if (ctx->ret != -EAGAIN)
		return protocol == IPPROTO_TCP || protocol == IPPROTO_MPTCP;
	call->operation = BT_OP_AUTOBIND;
	return binds_itself(protocol) && !BPF_CORE_READ(sk, __sk_common.skc_num);
}

/* sendmsg() and its kin: to a new peer SCTP looks for a port first (sctp_autobind); UDP's is inet_autobind()'s. */
static __always_inline bool send_ended(const struct sys_exit *ctx, struct call *call)
{
	const struct sock *sk;

	if (ctx->ret != -EAGAIN)
		return false;
	syscall_call(call, BT_OP_AUTOBIND);
	sk = (const struct sock *)call->sk;
	return sk && protocol_of(call) == BT_IPPROTO_SCTP &&
	       !BPF_CORE_READ(sk, __sk_common.skc_num);
}

static __always_inline bool call_ended(const struct sys_exit *ctx, struct call *call)
{
	switch (ctx->nr) {
	case SYS_BIND:
		return bind_ended(ctx, call);
	case SYS_LISTEN:
		return listen_ended(ctx, call);
	case SYS_CONNECT:
		return connect_ended(ctx, call);
	case SYS_SETSOCKOPT:
		return setsockopt_ended(call);
	case SYS_SENDTO:
	case SYS_SENDMSG:
	case SYS_SENDMMSG:
		return send_ended(ctx, call);
	default:
		return false;
	}
}

/* One program for all of them: what it takes to check it is taken once. */
SEC("tracepoint/syscalls/sys_exit_bind")
int syscall_exit(struct sys_exit *ctx)
{
	struct call call = {};

	if (ctx->ret >= 0 && !config.successes && !following)
		return 0;
	return call_ended(ctx, &call) ? refused(&call, ctx->ret) : 0;
}
