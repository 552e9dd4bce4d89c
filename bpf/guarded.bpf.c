// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The last rung, for kernels that keep their memory closed (lockdown=confidentiality): nothing is read but
 * through typed pointers, and nothing walks the port table. A call is seen twice: where it reaches the
 * protocol (cgroup/bind4, cgroup/bind6, or the change to LISTEN), which has the socket, and at the end of
 * the system call, which has the outcome. User space looks the holders up when the record comes
 * (guarded_list.bpf.c).
 */
#include "asked.bpf.h"
#include "core.bpf.h"
#include "read.bpf.h"
#include "typed.bpf.h"
#include "wanted.bpf.h"

static void *(*const cast_to_kernel_context)(void *context) = (void *)BT_CAST_TO_KERNEL_CONTEXT;

/* IP_FREEBIND and IP_TRANSPARENT, as read_flags() of refusal.bpf.c. */
static __always_inline void see_flags(struct bt_sock *s, const struct tcp_sock *tcp)
{
	const struct inet_sock *inet = (const void *)tcp;
	const struct inet_sock___bits *bits = (const void *)tcp;
	bool freebind, transparent;

	if (bpf_core_field_exists(inet->inet_flags)) {
		__u64 flags = inet->inet_flags;

		freebind = flags >> 11 & 1;
		transparent = flags >> 15 & 1;
	} else {
		freebind = BPF_CORE_READ_BITFIELD(bits, freebind);
		transparent = BPF_CORE_READ_BITFIELD(bits, transparent);
	}
	s->flags |= (freebind ? BT_SOCK_FREEBIND : 0) | (transparent ? BT_SOCK_TRANSPARENT : 0);
}

/* Before 6.2 nothing gives a program under this hook the type of an UDP socket: see_udp() adds what is left. */
static __always_inline void see_little(struct attempt *a, const struct bpf_sock_addr *ctx)
{
	a->sock.family = ctx->family;
	a->sock.protocol = ctx->protocol;
	a->sock.state = BT_TCP_CLOSE;
	a->sk_type = ctx->type;
}

static __always_inline void see_socket(struct attempt *a, struct bpf_sock_addr *ctx)
{
	struct tcp_sock *tcp = bpf_skc_to_tcp_sock((void *)ctx->sk);

	if (config.has_kernel_context) {
		struct bpf_sock_addr_kern *kern = cast_to_kernel_context(ctx);

		typed_asker(a, kern->sk);
	} else if (tcp) {
		typed_asker(a, (const struct sock *)tcp);
	} else {
		see_little(a, ctx);
	}
	if (tcp)
		see_flags(&a->sock, tcp);
}

static __always_inline void remember_bind(struct attempt *a, struct bpf_sock_addr *ctx)
{
	__u64 id = bpf_get_current_pid_tgid();

	see_socket(a, ctx);
	a->operation = BT_OP_BIND;
	a->time_ns = bpf_ktime_get_boot_ns();
	a->sock.cookie = bpf_get_socket_cookie(ctx);
	a->sock.port = bpf_ntohs((__u16)ctx->user_port);
	bpf_map_update_elem(&attempts, &id, a, BPF_ANY);
}

SEC("cgroup/bind4")
int see_bind4(struct bpf_sock_addr *ctx)
{
	struct attempt a = {};

	remember_bind(&a, ctx);
	return 1;
}

SEC("cgroup/bind6")
int see_bind6(struct bpf_sock_addr *ctx)
{
	struct attempt a = {};

	remember_bind(&a, ctx);
	return 1;
}

/* Where the port is asked for, the socket has a type before 6.2, too; by then it has its address as well. */
SEC("fentry/udp_lib_get_port")
int BPF_PROG(see_udp, struct sock *sk, unsigned short port)
{
	__u64 id = bpf_get_current_pid_tgid();
	struct attempt *a = bpf_map_lookup_elem(&attempts, &id),
		       whole = { .operation = BT_OP_BIND };

	if (!a || a->judgeable || a->sock.port != port)
		return 0;
	typed_asker(&whole, sk);
	whole.sock.port = port;
	whole.sock.cookie = a->sock.cookie;
	whole.time_ns = a->time_ns;
	bpf_map_update_elem(&attempts, &id, &whole, BPF_ANY);
	return 0;
}

static __always_inline void see_parent(struct bt_task *t, const struct task_struct *parent)
{
	int i;

	t->ppid = parent->tgid;
	t->parent_start_ns = parent->group_leader->start_boottime;
	for (i = 0; i < BT_COMM_LEN; i++)
		t->parent_comm[i] = parent->comm[i];
}

/* Before 5.11 no helper gives a typed pointer to the current task. */
static __always_inline void see_task(struct bt_record *r)
{
	__u64 id = bpf_get_current_pid_tgid();
	const struct task_struct *task;

	r->task.pid = id >> 32;
	r->task.tid = (__u32)id;
	r->task.uid = (__u32)bpf_get_current_uid_gid();
	r->task.cgroup_id = bpf_get_current_cgroup_id();
	bpf_get_current_comm(r->task.comm, sizeof(r->task.comm));
	if (!has_typed_task())
		return;
	task = bpf_get_current_task_btf();
	r->task.start_ns = task->group_leader->start_boottime;
	r->seccomp = task->seccomp.mode == 2; /* SECCOMP_MODE_FILTER */
	see_parent(&r->task, task->real_parent);
	r->task.netns = task->nsproxy->net_ns->ns.inum;
}

static __always_inline void see_cmdline(struct bt_record *r)
{
	const struct mm_struct *mm;

	if (!has_typed_task())
		return;
	mm = bpf_get_current_task_btf()->mm;
	r->cmdline_len = copy_arguments(mm->arg_start, mm->arg_end, r->cmdline, sizeof(r->cmdline));
}

/* The socket of the call. true: the record has all that the rule asks of it. */
static __always_inline bool take(struct bt_record *r, const struct attempt *a)
{
	__builtin_memcpy(&r->sock, &a->sock, sizeof(r->sock));
	if (a->netns) {
		r->task.netns = a->netns;
		r->task.netns_cookie = a->netns_cookie;
	}
	r->sk_type = a->sk_type;
	r->bound_port = a->bound_port;
	r->unprivileged_start = a->unprivileged_start;
	r->port_low = a->port_low;
	r->port_high = a->port_high;
	r->who = BT_WHO_PROTOCOL;
	return a->judgeable;
}

/*
 * What the call was about. An attempt may have been made by another call of the same thread, one through
 * io_uring: then it was for another port.
 */
static __always_inline bool see_call(struct work *w, const struct attempt *a)
{
	struct bt_sock asked = {};
	bool judgeable = false;

	if (w->rec.operation == BT_OP_LISTEN)
		return a && take(&w->rec, a);
	read_address(w);
	__builtin_memcpy(&asked, &w->rec.sock, sizeof(asked));
	if (!a || a->operation != BT_OP_BIND || a->sock.port != asked.port)
		return false;
	judgeable = take(&w->rec, a);
	__builtin_memcpy(w->rec.sock.addr, asked.addr, sizeof(asked.addr));
	if (asked.family)
		w->rec.sock.family = asked.family;
	return judgeable;
}

static __always_inline void examine(struct work *w, __u32 slot, const struct attempt *a)
{
	struct bt_record *r = &w->rec;
	bool judgeable;

	r->hdr.version = BT_ABI_VERSION;
	r->hdr.boottime_ns = bpf_ktime_get_boot_ns();
	r->rule = config.rule;
	r->hook = config.hook;
	see_task(r);
	judgeable = see_call(w, a);
	/* who has a UNIX socket cannot be seen on this rung, so neither is a refusal of its name told of */
	if (r->sa_family == AF_UNIX || !is_to_be_sent(r))
		return;
	see_cmdline(r);
	if (judgeable && has_port_table(r))
		r->walk = BT_WALK_LATE;
	bt_emit(slot);
}

static __always_inline void outcome(struct pt_regs *regs, long ret, const struct attempt *a,
				    __u32 operation)
{
	struct work *w;
	__u32 slot;

	if (!take_work(&slot))
		return;
	w = bpf_map_lookup_elem(&works, &slot);
	if (!w)
		return;
	__builtin_memset(&w->rec, 0, offsetof(struct bt_record, holders));
	w->rec.operation = operation;
	w->rec.error = ret < 0 ? -ret : 0;
	w->user_uaddr = 1;
	if (operation == BT_OP_BIND) {
		w->uaddr = regs->REGS_ARG1;
		w->rec.addr_len = regs->REGS_ARG2;
	}
	examine(w, slot, a);
	give_back(slot);
}

/* At the end of the system call that the registers began. */
static __always_inline int see_end(struct pt_regs *regs, long ret)
{
	__u64 id = bpf_get_current_pid_tgid(), nr = regs->REGS_NR;
	struct attempt *a;
	__u32 operation;

	if (nr != SYS_BIND && nr != SYS_LISTEN)
		return 0;
	operation = nr == SYS_BIND ? BT_OP_BIND : BT_OP_LISTEN;
	a = bpf_map_lookup_elem(&attempts, &id);
	/* without the socket a listen() tells nothing, nor does a bind() that went well */
	if ((ret < 0 || (asks_for_successes() && a)) &&
	    (operation == BT_OP_BIND || (a && a->operation == BT_OP_LISTEN)))
		outcome(regs, ret, a, operation);
	if (!a)
		return 0;
	if (!ret && operation == BT_OP_BIND)
		bpf_map_update_elem(&bound, &a->sock.cookie, &a->time_ns, BPF_ANY);
	bpf_map_delete_elem(&attempts, &id);
	return 0;
}

/*
 * Three ways to the end of the call, of which user space loads the best that attaches: a preempted task
 * cannot make the first miss others, and the last runs at every system call there is.
 */

SEC("kretprobe.multi")
int see_end_multi(struct pt_regs *regs)
{
	return see_end((void *)bpf_task_pt_regs(bpf_get_current_task_btf()), (int)PT_REGS_RC(regs));
}

SEC("fexit/__x64_sys_bind")
int BPF_PROG(see_end_bind, struct pt_regs *regs, long ret)
{
	return see_end(regs, (int)ret);
}

SEC("fexit/__x64_sys_listen")
int BPF_PROG(see_end_listen, struct pt_regs *regs, long ret)
{
	return see_end(regs, (int)ret);
}

SEC("tp_btf/sys_exit")
int BPF_PROG(see_end_any, struct pt_regs *regs, long ret)
{
	return see_end(regs, ret);
}
