// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The ways in: one group of programs per rung of the attach ladder, of which user space loads one. Each
 * returns at once when the call succeeded, else hands the refusal to bt_examine().
 */
#include <bpf/bpf_endian.h>

#include "core.bpf.h"
#include "read.bpf.h"

enum { LISTEN_ARGS_OLD = 2 };

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

/* Does anybody want to know of this call although it succeeded? */
static __always_inline bool success_wanted(const struct call *call)
{
	return config.successes || (config.follow && following && is_followed(port_of(call)));
}

static __always_inline int refused(const struct call *call, int ret)
{
	struct socket *socket = (void *)call->sk;
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
	w->sk = call->sk;
	if (config.arg_is_socket && !call->bare_sk)
		w->sk = (__u64)BPF_CORE_READ(socket, sk);
	w->uaddr = call->uaddr;
	w->user_uaddr = call->in_user;
	w->rec.addr_len = call->addr_len;
	w->rec.operation = call->operation;
	w->rec.error = ret < 0 ? -ret : 0;
	bt_examine(slot);
	bpf_map_push_elem(&free_works, &slot, BPF_ANY);
	return 0;
}

/* Rung 1: fexit. User space sets the targets: inet_bind_sk and inet6_bind_sk, or inet_bind and inet6_bind. */

static __always_inline int bind_exit(__u64 *ctx)
{
	struct call call = {
		.sk = ctx[0], .uaddr = ctx[1], .addr_len = ctx[2], .operation = BT_OP_BIND
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
	struct call call = { .sk = ctx[0], .operation = BT_OP_LISTEN, .bare_sk = 1 };

	if (config.listen_args == LISTEN_ARGS_OLD)
		return refused(&call, (int)ctx[2]);
	return refused(&call, (int)ctx[1]);
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

static __always_inline int recall(struct pt_regs *regs)
{
	__u64 id = bpf_get_current_pid_tgid();
	struct call *remembered = bpf_map_lookup_elem(&calls, &id), call;

	if (!remembered)
		return 0;
	call = *remembered;
	bpf_map_delete_elem(&calls, &id);
	return refused(&call, (int)PT_REGS_RC(regs));
}

SEC("kprobe.multi")
int bind_enter_multi(struct pt_regs *regs)
{
	struct call call = {
		.sk = PT_REGS_PARM1(regs),
		.uaddr = PT_REGS_PARM2(regs),
		.addr_len = PT_REGS_PARM3(regs),
		.operation = BT_OP_BIND,
	};

	return remember(&call);
}

SEC("kretprobe.multi")
int bind_exit_multi(struct pt_regs *regs)
{
	return recall(regs);
}

SEC("kprobe.multi")
int listen_enter_multi(struct pt_regs *regs)
{
	struct call call = { .sk = PT_REGS_PARM1(regs), .operation = BT_OP_LISTEN, .bare_sk = 1 };

	return remember(&call);
}

SEC("kretprobe.multi")
int listen_exit_multi(struct pt_regs *regs)
{
	return recall(regs);
}

/* Rung 3: the tracepoints behind bind(2) and listen(2), where trampolines and kprobes are refused. */

struct sys_exit {
	__u64 common;
	__s64 nr;
	__s64 ret;
};

/* The socket behind a file descriptor of the current task; 0 when it is none, or not TCP/IP. */
static __always_inline __u64 sock_of_fd(struct task_struct *task, __u32 fd)
{
	struct fdtable *table = BPF_CORE_READ(task, files, fdt);
	struct file **files, *file;
	struct sock *sk;
	__u16 family;

	if (fd >= BPF_CORE_READ(table, max_fds))
		return 0;
	files = BPF_CORE_READ(table, fd);
	if (bpf_probe_read_kernel(&file, sizeof(file), files + fd) || !file)
		return 0;
	sk = sock_of_file(file);
	if (!sk)
		return 0;
	family = BPF_CORE_READ(sk, __sk_common.skc_family);
	return family == AF_INET || family == AF_INET6 ? (__u64)sk : 0;
}

/*
 * The registers with which the task entered the kernel. Before 5.15 there is no helper for task_pt_regs():
 * they are at the top of the stack, which is 16 KiB on x86-64.
 */
static __always_inline struct pt_regs *entry_regs(void)
{
	struct task_struct *task = (void *)bpf_get_current_task();

	if (bpf_core_enum_value_exists(enum bpf_func_id, BPF_FUNC_task_pt_regs))
		return (void *)bpf_task_pt_regs(bpf_get_current_task_btf());
	return (void *)BPF_CORE_READ(task, stack) + 16384 - bpf_core_type_size(struct pt_regs);
}

static __always_inline int syscall_exit(const struct sys_exit *ctx, __u32 operation)
{
	struct task_struct *task = (void *)bpf_get_current_task();
	struct pt_regs *regs = entry_regs();
	struct call call = { .operation = operation, .in_user = 1, .bare_sk = 1 };

	if (ctx->ret >= 0 && !config.successes && !following)
		return 0;
	call.sk = sock_of_fd(task, BPF_CORE_READ(regs, di));
	if (!call.sk)
		return 0;
	if (operation == BT_OP_BIND) {
		call.uaddr = BPF_CORE_READ(regs, si);
		call.addr_len = BPF_CORE_READ(regs, dx);
	}
	return refused(&call, ctx->ret);
}

SEC("tracepoint/syscalls/sys_exit_bind")
int bind_syscall_exit(struct sys_exit *ctx)
{
	return syscall_exit(ctx, BT_OP_BIND);
}

SEC("tracepoint/syscalls/sys_exit_listen")
int listen_syscall_exit(struct sys_exit *ctx)
{
	return syscall_exit(ctx, BT_OP_LISTEN);
}
