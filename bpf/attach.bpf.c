// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The ways in: one group of programs per rung of the attach ladder, of which user space loads one. Each
 * returns at once when the call succeeded, else hands the refusal to bt_examine().
 */
#include <bpf/bpf_endian.h>

#include "core.bpf.h"
#include "read.bpf.h"
#include "wanted.bpf.h"

enum { LISTEN_ARGS_OLD = 2, EAGAIN = 11, EADDRNOTAVAIL = 99 };
enum { SCTP_SOCKOPT_BINDX_ADD = 100 };
enum {
	SYS_CONNECT = 42,
	SYS_SENDTO = 44,
	SYS_SENDMSG = 46,
	SYS_BIND = 49,
	SYS_LISTEN = 50,
	SYS_SETSOCKOPT = 54,
	SYS_SENDMMSG = 307
};

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

static __always_inline int refused(const struct call *call, int ret)
{
	struct work *w;
	__u32 slot;

	if (ret >= 0 && !success_wanted(call))
		return 0;
	if (bpf_map_pop_elem(&free_works, &slot)) {
		count(BT_LOST_WORK);
		return 0;
	}
	w = bpf_map_lookup_elem(&works, &slot);
	if (!w)
		return 0;
	__builtin_memset(&w->rec, 0, offsetof(struct bt_record, holders));
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
	bpf_map_push_elem(&free_works, &slot, BPF_ANY);
	return 0;
}

/* Rung 1: fexit. User space sets the targets: inet_bind_sk and inet6_bind_sk, or inet_bind and inet6_bind. */

static __always_inline int bind_exit(__u64 *ctx)
{
	struct call call = {
		.sk = ctx[0],
		.uaddr = ctx[1],
		.addr_len = ctx[2],
		.operation = BT_OP_BIND,
		.is_socket = config.arg_is_socket,
		.who = BT_WHO_PROTOCOL,
	};

	return refused(&call, (int)ctx[3]);
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

SEC("fexit/inet_csk_listen_start")
int listen_exit(__u64 *ctx)
{
	struct call call = { .sk = ctx[0], .operation = BT_OP_LISTEN, .who = BT_WHO_PROTOCOL };

	if (config.listen_args == LISTEN_ARGS_OLD)
		return refused(&call, (int)ctx[2]);
	return refused(&call, (int)ctx[1]);
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
	if ((int)ctx[3] != -EADDRNOTAVAIL || BPF_CORE_READ(sk, __sk_common.skc_family) != family)
		return 0;
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

static __always_inline int remember(const struct call *call)
{
	__u64 id = bpf_get_current_pid_tgid();
	long err = bpf_map_update_elem(&calls, &id, call, BPF_NOEXIST);

	if (err == -17 /* EEXIST */) { /* the kernel skipped the last return */
		count(BT_LOST_RETURN);
		err = bpf_map_update_elem(&calls, &id, call, BPF_ANY);
	}
	if (err)
		count(BT_LOST_ARGS);
	return 0;
}

static __always_inline int remember_bind(struct pt_regs *regs, bool is_socket, __u32 who)
{
	struct call call = {
		.sk = PT_REGS_PARM1(regs),
		.uaddr = PT_REGS_PARM2(regs),
		.addr_len = PT_REGS_PARM3(regs),
		.operation = BT_OP_BIND,
		.is_socket = is_socket,
		.who = who,
	};

	return remember(&call);
}

SEC("kprobe.multi")
int bind_enter_multi(struct pt_regs *regs)
{
	return remember_bind(regs, config.arg_is_socket, BT_WHO_PROTOCOL);
}

SEC("kprobe.multi")
int unix_enter_multi(struct pt_regs *regs)
{
	return remember_bind(regs, true, BT_WHO_PROTOCOL);
}

SEC("kprobe.multi")
int lsm_enter_multi(struct pt_regs *regs)
{
	return remember_bind(regs, true, BT_WHO_LSM);
}

SEC("kprobe.multi")
int listen_enter_multi(struct pt_regs *regs)
{
	struct call call = { .sk = PT_REGS_PARM1(regs),
			     .operation = BT_OP_LISTEN,
			     .who = BT_WHO_PROTOCOL };

	return remember(&call);
}

SEC("kprobe.multi")
int connect_enter_multi(struct pt_regs *regs)
{
	struct call call = { .sk = PT_REGS_PARM1(regs),
			     .uaddr = PT_REGS_PARM2(regs),
			     .addr_len = PT_REGS_PARM3(regs),
			     .operation = BT_OP_CONNECT,
			     .who = BT_WHO_PROTOCOL };
	__u64 id = bpf_get_current_pid_tgid();
	struct call *outer = bpf_map_lookup_elem(&calls, &id);

	/* tcp_v6_connect() leaves a mapped address to tcp_v4_connect(): one call, told by the first return */
	if (outer && outer->operation == BT_OP_CONNECT && outer->sk == call.sk)
		return 0;
	return remember(&call);
}

SEC("kprobe.multi")
int autobind_enter_multi(struct pt_regs *regs)
{
	struct call call = { .sk = PT_REGS_PARM1(regs),
			     .operation = BT_OP_AUTOBIND,
			     .who = BT_WHO_PROTOCOL };

	return remember(&call);
}

SEC("kretprobe.multi")
int exit_multi(struct pt_regs *regs)
{
	__u64 id = bpf_get_current_pid_tgid();
	struct call *remembered = bpf_map_lookup_elem(&calls, &id), call;
	int ret = (int)PT_REGS_RC(regs);

	if (!remembered)
		return 0;
	call = *remembered;
	bpf_map_delete_elem(&calls, &id);
	if ((call.operation == BT_OP_CONNECT && ret != -EADDRNOTAVAIL) ||
	    (call.operation == BT_OP_AUTOBIND && ret >= 0) || (call.who == BT_WHO_LSM && ret >= 0))
		return 0;
	return refused(&call, ret);
}

/*
 * Rung 3: the tracepoints behind bind(2), listen(2) and connect(2), where trampolines and kprobes are
 * refused. On the other rungs the first of them tells of what no hook in the kernel saw, and the others of
 * SCTP: a module, which may be loaded later than we are.
 */

struct sys_exit {
	__u64 common;
	__s32 nr;
	__u32 pad; /* not cleared by every kernel */
	__s64 ret;
};

/* The socket behind a file descriptor of the current task; 0 when it is none. */
static __always_inline struct sock *sock_of_fd(struct task_struct *task, __u32 fd)
{
	struct fdtable *table = BPF_CORE_READ(task, files, fdt);
	struct file **files, *file;
	__u64 max_fd[2] = {};

	read_pair(max_fd, table, bpf_core_field_offset(struct fdtable, max_fds),
		  bpf_core_field_offset(struct fdtable, fd));
	if (fd >= (__u32)max_fd[0])
		return NULL;
	files = (struct file **)max_fd[1];
	if (bpf_probe_read_kernel(&file, sizeof(file), files + fd) || !file)
		return NULL;
	return sock_of_file(file);
}

/* Fills the call from the registers. */
static __always_inline void syscall_call(struct call *call, __u16 operation)
{
	struct task_struct *task = (void *)bpf_get_current_task();
	struct entry entry;

	read_entry(&entry);
	call->sk = (__u64)sock_of_fd(task, entry.di);
	call->operation = operation;
	call->in_user = 1;
	if (operation != BT_OP_LISTEN) {
		call->uaddr = entry.si;
		call->addr_len = entry.dx;
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
	if (entry.si != BT_IPPROTO_SCTP || entry.dx != SCTP_SOCKOPT_BINDX_ADD)
		return false;
	syscall_call(call, BT_OP_BIND);
	if (!call->sk || protocol_of(call) != BT_IPPROTO_SCTP)
		return false;
	call->uaddr = entry.r10;
	call->addr_len = entry.r8;
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

/* Has a hook in the kernel told of what the current task is refused? */
static __always_inline bool was_told(__u32 operation)
{
	struct told_key key = { .tid = (__u32)bpf_get_current_pid_tgid(), .operation = operation };

	if (!bpf_map_lookup_elem(&told, &key))
		return false;
	bpf_map_delete_elem(&told, &key);
	return true;
}

/* In-kernel rungs: bind() was refused and no hook told of it: it came neither to LSM nor protocol. */
SEC("tracepoint/syscalls/sys_exit_bind")
int bind_syscall_rest(struct sys_exit *ctx)
{
	struct call call = { .light = 1 };

	if (ctx->ret >= 0 || was_told(BT_OP_BIND))
		return 0;
	syscall_call(&call, BT_OP_BIND);
	call.who = BT_WHO_BEFORE;
	return refused(&call, ctx->ret);
}

/* The same of listen(): it did not come as far as inet_csk_listen_start(). */
SEC("tracepoint/syscalls/sys_exit_listen")
int listen_syscall_rest(struct sys_exit *ctx)
{
	struct call call = { .light = 1 };

	if (ctx->ret >= 0 || was_told(BT_OP_LISTEN))
		return 0;
	syscall_call(&call, BT_OP_LISTEN);
	/* of SCTP syscall_exit() tells, where there is SCTP */
	return call.sk && is_syscalls_own(&call) ? 0 : refused(&call, ctx->ret);
}
