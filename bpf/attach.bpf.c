// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The ways in on the rungs that hook the kernel's own functions, of which user space loads one. Each
 * program returns at once when the call succeeded, else hands the refusal to bt_examine().
 */
#include "deed.bpf.h"
#include "refused.bpf.h"
#include "under_way.bpf.h"

enum { LISTEN_ARGS_OLD = 2 };

/*
 * Rung 1: fexit. User space sets the targets: inet_bind_sk and inet6_bind_sk, or inet_bind and inet6_bind. With the
 * second rung it is __inet_bind and __inet6_bind, which have one argument more; there the entry has kept the call for
 * who finds, further out, that the kernel skipped this.
 */
static __always_inline int bind_exit(__u64 *ctx)
{
	struct call call = {
		.sk = ctx[0],
		.uaddr = ctx[1],
		.addr_len = ctx[2],
		.operation = BT_OP_BIND,
		.is_socket = config.arg_is_socket && !config.binds_by_fexit,
		.who = BT_WHO_PROTOCOL,
	};

	if (config.binds_by_fexit)
		forget_anywhere();
	return refused(&call, returned(ctx, 3, config.binds_by_fexit));
}

SEC("fexit/inet_bind")
int bind4_exit(__u64 *ctx)
{
	return bind_exit(ctx);
}

SEC("fexit/inet6_bind")
int bind6_exit(__u64 *ctx)
{
	return bind_exit(ctx);
}

/* The socket has come to be what its opener wanted of it: user space has chosen to see that here (deeds_by_call). */
static __always_inline void remember_opener(__u64 *ctx, __u32 state)
{
	if (config.deeds_by_call)
		bt_remember(bpf_get_socket_cookie((struct sock *)ctx[0]), 1 << state);
}

static __always_inline int listen_ended(__u64 *ctx, int ret)
{
	struct call call = { .sk = ctx[0], .operation = BT_OP_LISTEN, .who = BT_WHO_PROTOCOL };

	if (!ret)
		remember_opener(ctx, BT_TCP_LISTEN);
	return refused(&call, ret);
}

SEC("fexit/inet_csk_listen_start")
int listen_exit(__u64 *ctx)
{
	return listen_ended(ctx, returned(ctx, 1, config.listen_args == LISTEN_ARGS_OLD));
}

/* unix_bind() and security_socket_bind() take (socket, address, length). */
static __always_inline int socket_exit(__u64 *ctx, __u32 who)
{
	struct call call = {
		.sk = ctx[0],
		.uaddr = ctx[1],
		.addr_len = ctx[2],
		.operation = BT_OP_BIND,
		.is_socket = 1,
		.who = who,
		.light = 1,
	};

	return refused(&call, (int)ctx[3]);
}

SEC("fexit/unix_bind")
int unix_exit(__u64 *ctx)
{
	return socket_exit(ctx, BT_WHO_PROTOCOL);
}

/*
 * Where a program may be skipped, that no other has told of a bind() proves nothing: there the security modules have
 * one of their own (before.bpf.c).
 */
SEC("fexit/security_socket_bind")
int lsm_exit(__u64 *ctx)
{
	return (int)ctx[3] < 0 ? socket_exit(ctx, BT_WHO_LSM) : 0;
}

/* tcp_v4_connect() and tcp_v6_connect(): their other errors are not about ports. */
static __always_inline int connect_exit(__u64 *ctx, __u16 family)
{
	struct sock *sk = (void *)ctx[0];
	struct call call = {
		.sk = ctx[0],
		.uaddr = ctx[1],
		.addr_len = ctx[2],
		.operation = BT_OP_CONNECT,
		.who = BT_WHO_PROTOCOL,
	};

	/* a mapped address passes through both */
	if (((int)ctx[3] && (int)ctx[3] != -EADDRNOTAVAIL) || sk->__sk_common.skc_family != family)
		return 0;
	if (!(int)ctx[3]) {
		remember_opener(ctx, BT_TCP_SYN_SENT);
		return 0;
	}
	return refused(&call, -EADDRNOTAVAIL);
}

SEC("fexit/tcp_v4_connect")
int connect4_exit(__u64 *ctx)
{
	return connect_exit(ctx, AF_INET);
}

SEC("fexit/tcp_v6_connect")
int connect6_exit(__u64 *ctx)
{
	return connect_exit(ctx, AF_INET6);
}

SEC("fexit/inet_autobind")
int autobind_exit(__u64 *ctx)
{
	struct call call = {
		.sk = ctx[0], .operation = BT_OP_AUTOBIND, .who = BT_WHO_PROTOCOL, .light = 1
	};

	return (int)ctx[1] < 0 ? refused(&call, (int)ctx[1]) : 0;
}

/* Rung 2: kprobe.multi, which a preempted task cannot make the kernel skip. The entry remembers the arguments. */

static __always_inline int enter_bind(struct pt_regs *regs, bool is_socket)
{
	struct call call = {
		.sk = PT_REGS_PARM1(regs),
		.uaddr = PT_REGS_PARM2(regs),
		.addr_len = PT_REGS_PARM3(regs),
		.operation = BT_OP_BIND,
		.is_socket = is_socket,
		.who = BT_WHO_PROTOCOL,
	};

	return enter(&call);
}

SEC("kprobe.multi")
int bind_enter_multi(struct pt_regs *regs)
{
	return enter_bind(regs, config.arg_is_socket);
}

SEC("kprobe.multi")
int unix_enter_multi(struct pt_regs *regs)
{
	return enter_bind(regs, true);
}

SEC("kprobe.multi")
int listen_enter_multi(struct pt_regs *regs)
{
	struct call call = { .sk = PT_REGS_PARM1(regs),
			     .operation = BT_OP_LISTEN,
			     .who = BT_WHO_PROTOCOL };

	return enter(&call);
}

SEC("kprobe.multi")
int connect_enter_multi(struct pt_regs *regs)
{
	struct call call = { .sk = PT_REGS_PARM1(regs),
			     .uaddr = PT_REGS_PARM2(regs),
			     .addr_len = PT_REGS_PARM3(regs),
			     .operation = BT_OP_CONNECT,
			     .who = BT_WHO_PROTOCOL };

	return enter(&call);
}

SEC("kprobe.multi")
int autobind_enter_multi(struct pt_regs *regs)
{
	struct call call = { .sk = PT_REGS_PARM1(regs),
			     .operation = BT_OP_AUTOBIND,
			     .who = BT_WHO_PROTOCOL };

	return enter(&call);
}

/*
 * The kernel skipped the entry: whoever looks at the end of this system call shall not take it for one that never came.
 * A call of no socket stands for that. Not of functions that ask a security module first (their cookie is not 0).
 */
static __always_inline void leave_unseen(struct pt_regs *regs, int ret)
{
	struct call call = {};
	struct entry entry;

	if (ret >= 0 || bpf_get_attach_cookie(regs))
		return;
	read_entry(&entry);
	if (entry.nr == SYS_BIND || entry.nr == SYS_LISTEN)
		enter(&call);
}

SEC("kretprobe.multi")
int exit_multi(struct pt_regs *regs)
{
	int ret = (int)PT_REGS_RC(regs);
	struct call call;

	if (ret >= 0 && !asks_for_successes()) {
		forget_anywhere();
		return 0;
	}
	if (!leave(&call) || !call.sk) {
		leave_unseen(regs, ret);
		return 0;
	}
	if ((call.operation == BT_OP_CONNECT && ret != -EADDRNOTAVAIL) ||
	    (call.operation == BT_OP_AUTOBIND && ret >= 0))
		return 0;
	return refused(&call, ret);
}
