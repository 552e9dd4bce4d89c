// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * What is refused before it comes to the protocol's own bind or listen, on the rungs that hook the kernel's
 * functions: by seccomp, for a bad descriptor or pointer, by a security module. Told at the end of the call's
 * own function, which costs nobody but its callers; a tracepoint of one system call would make every system call
 * of every task take the slow way.
 */
#include "refused.bpf.h"
#include "under_way.bpf.h"

enum { EPERM = 1, EACCES = 13, EFAULT = 14, EINVAL = 22 };
enum { SOCKADDR_STORAGE_LEN = 128 };

/* Has a hook deeper in the kernel told of what the current task is refused? */
static __always_inline bool was_told(__u32 operation)
{
	struct told_key key = { .tid = (__u32)bpf_get_current_pid_tgid(), .operation = operation };

	if (!bpf_map_lookup_elem(&told, &key))
		return false;
	bpf_map_delete_elem(&told, &key);
	return true;
}

/* The socket of an open file, MPTCP's own included, which has no subflow before it is bound. */
static __always_inline struct socket *socket_of_file(struct file *file)
{
	struct socket *socket;

	if (!file || (BPF_CORE_READ(file, f_inode, i_mode) & 0170000) != 0140000) /* S_IFSOCK */
		return NULL;
	socket = BPF_CORE_READ(file, private_data);
	return socket && BPF_CORE_READ(socket, file) == file ? socket : NULL;
}

/* Fills the call from the registers with which the task entered the kernel. */
static __always_inline void entered_call(struct call *call, const struct entry *entry)
{
	struct task_struct *task = (void *)bpf_get_current_task();
	struct file *file = file_of_fd(task, entry->args[0]);

	call->in_user = 1;
	call->light = 1;
	if (call->operation == BT_OP_LISTEN) {
		call->sk = file ? (__u64)sock_of_file(file) : 0;
		return;
	}
	call->sk = (__u64)socket_of_file(file);
	call->is_socket = call->sk != 0;
	call->uaddr = entry->args[1];
	call->addr_len = entry->args[2];
}

/* Of listen() of SCTP syscall_exit() tells, where there is SCTP. */
static __always_inline bool is_of_tracepoint(const struct call *call)
{
	return call->operation == BT_OP_LISTEN && call->sk &&
	       read_protocol((const struct sock *)call->sk) == BT_IPPROTO_SCTP;
}

/*
 * __sys_bind() looks the descriptor up and copies the address; then security_socket_bind() is the only one left
 * to refuse a bind that never came to the protocol. mptcp_bind() may say something before it asks its subflow.
 */
static __always_inline __u8 who_before(const struct call *call, int err, bool may_be_skipped)
{
	const struct sock *sk;

	if (call->operation == BT_OP_LISTEN)
		return BT_WHO_UNKNOWN;
	if (may_be_skipped)
		return BT_WHO_SKIPPED;
	if (!call->sk || err == EFAULT || (err == EINVAL && call->addr_len > SOCKADDR_STORAGE_LEN))
		return BT_WHO_BEFORE;
	sk = sock_of(call);
	if (err != EPERM && err != EACCES && BPF_CORE_READ(sk, sk_protocol) == IPPROTO_MPTCP)
		return BT_WHO_BEFORE;
	return BT_WHO_LSM;
}

/* TS_COMPAT of x86, TIF_32BIT of arm64: the numbers of 32-bit programs are others. */
static __always_inline bool is_compat(void)
{
	struct task_struct *task = (void *)bpf_get_current_task();

	if (bpf_core_field_exists(task->thread_info.status))
		return BPF_CORE_READ(task, thread_info.status) & 2;
	return BPF_CORE_READ(task, thread_info.flags) >> 22 & 1;
}

/*
 * The call has ended with an error; it is told of unless a hook deeper in the kernel has done so. Of 32-bit programs,
 * whose calls end here on arm64 only, it is not known whether one has. may_be_skipped: the protocol or the security
 * module may have been reached by a call that the kernel skipped our program for.
 */
static __always_inline int ended(const struct entry *entry, __u16 operation, int ret,
				 bool may_be_skipped)
{
	struct call call = { .operation = operation };

	if (is_compat() || was_told(operation))
		return 0;
	entered_call(&call, entry);
	if (is_of_tracepoint(&call))
		return 0;
	call.who = who_before(&call, -ret, may_be_skipped);
	return refused(&call, ret);
}

SEC("fexit/__x64_sys_bind")
int bind_ended(__u64 *ctx)
{
	struct entry entry;

	if ((int)ctx[1] >= 0)
		return 0;
	read_entry(&entry);
	return ended(&entry, BT_OP_BIND, (int)ctx[1], config.preemptible);
}

SEC("fexit/__x64_sys_listen")
int listen_ended(__u64 *ctx)
{
	struct entry entry;

	if ((int)ctx[1] >= 0)
		return 0;
	read_entry(&entry);
	return ended(&entry, BT_OP_LISTEN, (int)ctx[1], config.preemptible);
}

/*
 * The call never came to where bind_exit() tells of it, or that was skipped. By now the kernel's copy of the address is
 * gone: that of the task is told. Nobody further out is left to ask whether it was, but the next call would be taken for
 * told.
 */
static __always_inline int left_over(struct call *call, const struct entry *entry, int ret)
{
	call->uaddr = entry->args[1];
	call->addr_len = entry->args[2];
	call->in_user = 1;
	refused(call, ret);
	was_told(BT_OP_BIND);
	return 0;
}

/*
 * Both of them, where a preempted task cannot make the kernel skip it. A call that is under way yet is one of which nobody
 * within the kernel has told.
 */
SEC("kretprobe.multi")
int call_ended_multi(struct pt_regs *regs)
{
	int ret = (int)PT_REGS_RC(regs);
	struct entry entry;
	struct call call;
	bool under_way;

	if (ret >= 0 && !asks_for_successes()) {
		forget();
		return 0;
	}
	read_entry(&entry);
	under_way = leave(&call);
	if (under_way && call.sk && call.operation == BT_OP_BIND)
		return left_over(&call, &entry, ret);
	if (ret >= 0)
		return 0;
	return ended(&entry, entry.nr == SYS_BIND ? BT_OP_BIND : BT_OP_LISTEN, ret, under_way);
}

/* What seccomp has put there for the program to find (syscall_set_return_value). */
static __always_inline int answer_of_filter(void)
{
	struct task_struct *task = (void *)bpf_get_current_task();
	struct pt_regs *regs;

	if (bpf_core_enum_value_exists(enum bpf_func_id, BPF_FUNC_task_pt_regs))
		regs = (void *)bpf_task_pt_regs(bpf_get_current_task_btf());
	else
		regs = (void *)BPF_CORE_READ(task, stack) + config.stack_bytes -
		       bpf_core_type_size(struct pt_regs);
	return (int)BPF_CORE_READ(regs, REGS_ANSWER);
}

/*
 * __secure_computing() is run for tasks that have a filter, and says -1 of a call that is not to be made. A filter
 * that sends a signal, or a tracer that makes the call itself, leaves no error.
 */
static __always_inline int filtered(int verdict)
{
	struct call call = { .who = BT_WHO_SECCOMP };
	struct entry entry;
	int ret;

	if (verdict != -1)
		return 0;
	read_entry(&entry);
	if ((entry.nr != SYS_BIND && entry.nr != SYS_LISTEN) || is_compat())
		return 0;
	ret = answer_of_filter();
	if (ret >= 0)
		return 0;
	call.operation = entry.nr == SYS_BIND ? BT_OP_BIND : BT_OP_LISTEN;
	entered_call(&call, &entry);
	return is_of_tracepoint(&call) ? 0 : refused(&call, ret);
}

/* It has one argument, and none since 6.16. */
SEC("fexit/__secure_computing")
int seccomp_exit(__u64 *ctx)
{
	return filtered(returned(ctx, 0, config.seccomp_args));
}
