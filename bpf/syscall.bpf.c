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

static __always_inline __u16 protocol_of(const struct call *call)
{
	const struct sock *sk = (const struct sock *)call->sk;

	return read_protocol(sk);
}

/* Protocols whose connect() gives a socket a port that has none, and says EAGAIN when none is left. */
static __always_inline bool binds_itself(__u16 protocol)
{
	return protocol == BT_IPPROTO_UDP || protocol == BT_IPPROTO_UDPLITE ||
	       protocol == BT_IPPROTO_SCTP || protocol == BT_IPPROTO_ICMP ||
	       protocol == BT_IPPROTO_ICMPV6;
}

/* Can its result be about a port? connect() and its kin fail for many reasons that are not looked into. */
static __always_inline bool may_be_told(const struct sys_exit *ctx)
{
	switch (ctx->nr) {
	case SYS_BIND:
	case SYS_LISTEN:
	case SYS_SETSOCKOPT:
		return true;
	case SYS_CONNECT:
		return ctx->ret == -EADDRNOTAVAIL || ctx->ret == -EAGAIN;
	case SYS_SENDTO:
	case SYS_SENDMSG:
	case SYS_SENDMMSG:
		return ctx->ret == -EAGAIN;
	default:
		return false;
	}
}

/* sctp_bindx(): the addresses stand one after the other. Which of them was refused is not told. */
static __always_inline bool is_bindx(const struct entry *entry)
{
	return entry->args[1] == BT_IPPROTO_SCTP && entry->args[2] == SCTP_SOCKOPT_BINDX_ADD;
}

/* The ends below fill what of *call is not the socket. true: it is to be told of, if it was refused or successes are wanted. */

static __always_inline bool bind_ended(const struct sys_exit *ctx, struct call *call,
				       const struct entry *entry)
{
	call->operation = BT_OP_BIND;
	call->uaddr = entry->args[1];
	call->addr_len = entry->args[2];
	/* a descriptor that is closed since may have been anything */
	return call->sk || ctx->ret < 0;
}

static __always_inline bool listen_ended(const struct sys_exit *ctx, struct call *call)
{
	call->operation = BT_OP_LISTEN;
	if (config.hook == BT_HOOK_TRACEPOINT)
		return call->sk || ctx->ret < 0;
	return call->sk && protocol_of(call) == BT_IPPROTO_SCTP;
}

static __always_inline bool setsockopt_ended(struct call *call, const struct entry *entry)
{
	call->operation = BT_OP_BIND;
	call->uaddr = entry->args[3];
	call->addr_len = entry->args[4];
	call->is_list = 1;
	return call->sk && protocol_of(call) == BT_IPPROTO_SCTP;
}

/*
 * connect(): EADDRNOTAVAIL of TCP is about ports; of others EAGAIN is, when they have no port then. sendmsg() and its
 * kin: to a new peer SCTP looks for a port first (sctp_autobind); UDP's is inet_autobind()'s. On the other rungs only
 * SCTP's are told of here.
 */
static __always_inline bool connect_ended(const struct sys_exit *ctx, struct call *call,
					  const struct entry *entry)
{
	const struct sock *sk = (const struct sock *)call->sk;
	__u16 protocol = sk ? protocol_of(call) : 0;

	if (!sk || (protocol != BT_IPPROTO_SCTP &&
		    (config.hook != BT_HOOK_TRACEPOINT || ctx->nr != SYS_CONNECT ||
		     BPF_CORE_READ(sk, __sk_common.skc_family) == AF_UNIX)))
		return false;
	call->uaddr = entry->args[1];
	call->addr_len = entry->args[2];
	call->operation = BT_OP_CONNECT;
	if (ctx->ret != -EAGAIN)
		return protocol == IPPROTO_TCP || protocol == IPPROTO_MPTCP;
	call->operation = BT_OP_AUTOBIND;
	return binds_itself(protocol) && !BPF_CORE_READ(sk, __sk_common.skc_num);
}

static __always_inline bool call_ended(const struct sys_exit *ctx, struct call *call,
				       const struct entry *entry)
{
	switch (ctx->nr) {
	case SYS_BIND:
		return bind_ended(ctx, call, entry);
	case SYS_LISTEN:
		return listen_ended(ctx, call);
	case SYS_SETSOCKOPT:
		return setsockopt_ended(call, entry);
	default:
		return connect_ended(ctx, call, entry);
	}
}

/* One program for all of them: what it takes to check it is taken once. */
SEC("tracepoint/syscalls/sys_exit_bind")
int syscall_exit(struct sys_exit *ctx)
{
	struct task_struct *task = (void *)bpf_get_current_task();
	struct call call = { .in_user = 1 };
	struct entry entry;

	if (ctx->ret >= 0 && !asks_for_successes())
		return 0;
	if (!may_be_told(ctx))
		return 0;
	read_entry(&entry);
	if (ctx->nr == SYS_SETSOCKOPT && !is_bindx(&entry))
		return 0;
	/* from here on it is one way for all: the number is read anew behind what they have in common */
	asm volatile("" ::: "memory");
	call.sk = (__u64)sock_of_fd(task, entry.args[0]);
	return call_ended(ctx, &call, &entry) ? refused(&call, ctx->ret) : 0;
}
