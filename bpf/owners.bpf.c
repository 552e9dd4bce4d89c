// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Who made a socket listen or connect, and who closed it.
 *
 * inet_sock_set_state runs in the context of the task that calls listen(), connect(), close(), shutdown()
 * or exits, for these four transitions; all later ones happen in softirq and say nothing about a task.
 */
#include "core.bpf.h"
#include "read.bpf.h"
#include "typed.bpf.h"

enum { FIN_WAIT1 = 4, LAST_ACK = 9 };

/* Where the command line of the current task is, and when it started; zeros: cannot be read here. */
struct self {
	__u64 start_ns;
	__u64 arguments, arguments_end;
};

/* A pointer whose type the verifier knows needs no helper that reads kernel memory (lockdown forbids those). */
static __always_inline void read_typed_self(struct self *self, struct task_struct *task)
{
	struct mm_struct *mm = task->mm;

	self->start_ns = task->group_leader->start_boottime;
	if (!mm)
		return;
	self->arguments = mm->arg_start;
	self->arguments_end = mm->arg_end;
}

static __always_inline void read_self(struct self *self)
{
	struct task_struct *task;
	struct mm_struct *mm;

	if (bpf_core_enum_value_exists(enum bpf_func_id, BPF_FUNC_get_current_task_btf)) {
		read_typed_self(self, bpf_get_current_task_btf());
		return;
	}
	if (config.hook == BT_HOOK_ITERATOR)
		return;
	task = (void *)bpf_get_current_task();
	self->start_ns = BPF_CORE_READ(task, group_leader, start_boottime);
	mm = BPF_CORE_READ(task, mm);
	if (!mm)
		return;
	self->arguments = BPF_CORE_READ(mm, arg_start);
	self->arguments_end = BPF_CORE_READ(mm, arg_end);
}

/* Keeps the command line of the current task, once for its life between two execs. */
static __noinline void keep_cmdline(const struct self *self, __u32 pid, bool again)
{
	struct bt_cmdline *old = bpf_map_lookup_elem(&cmdlines, &pid), new = {};

	if (!self->arguments || (!again && old && old->start_ns == self->start_ns))
		return;
	new.start_ns = self->start_ns;
	new.len = copy_arguments(self->arguments, self->arguments_end, new.text, sizeof(new.text));
	if (new.len)
		bpf_map_update_elem(&cmdlines, &pid, &new, BPF_ANY);
}

/* To look into the map once a second is enough for it to stay there among those that are used. */
static __always_inline void keep_cmdline_of(const struct self *self, const struct bt_deed *deed)
{
	struct bt_kept *last = &kept[deed->pid & (BT_N_KEPT - 1)];

	if (last->start_ns == self->start_ns && deed->time_ns - last->time_ns < 1000000000)
		return;
	keep_cmdline(self, deed->pid, false);
	last->start_ns = self->start_ns;
	last->time_ns = deed->time_ns;
}

static __always_inline __u64 opener_key(struct sock *sk)
{
	return config.has_cookie ? bpf_get_socket_cookie(sk) : (__u64)sk;
}

static __always_inline __u64 closer_key(struct sock *sk)
{
	const struct sock_common *c = &sk->__sk_common;

	if (config.has_cookie)
		return bpf_get_socket_cookie(sk);
	return tuple_key(c->skc_net.net->ns.inum, c);
}

/* The states that begin with a deed of the current task: that of an opener, or of a closer. */
enum {
	OPENS = 1 << BT_TCP_LISTEN | 1 << BT_TCP_SYN_SENT,
	CLOSES = 1 << FIN_WAIT1 | 1 << LAST_ACK,
};

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
	struct bt_deed deed = { .pid = bpf_get_current_pid_tgid() >> 32 };
	struct self self = {};

	deed.uid = (__u32)bpf_get_current_uid_gid();
	deed.time_ns = bpf_ktime_get_boot_ns();
	read_self(&self);
	deed.start_ns = self.start_ns;
	bpf_get_current_comm(deed.comm, sizeof(deed.comm));
	asm volatile("" : "+r"(state));
	if (state & CLOSES)
		write_recent(&closers, key, &deed);
	else if (state & 1 << BT_TCP_SYN_SENT)
		write_recent(&connectors, key, &deed);
	else
		bpf_map_update_elem(&openers, &key, &deed, BPF_ANY);
	keep_cmdline_of(&self, &deed);
	return 0;
}

/* The next socket at this address is another one. */
static __always_inline void forget_opener(__u64 key)
{
	__u32 at = BT_RECENT_AT(key);
	struct bt_recent *recent = bpf_map_lookup_elem(&connectors, &at);

	if (recent && recent->key == key)
		recent->key = 0;
	bpf_map_delete_elem(&openers, &key);
}

static __always_inline int set_state(struct sock *sk, __u32 newstate, bool again)
{
	__u32 state = 1u << (newstate & 31);
	__u64 key;

	if (state & (OPENS | CLOSES)) {
		key = state & CLOSES ? closer_key(sk) : opener_key(sk);
		asm volatile("" : "+r"(state));
		if (!again || !is_remembered(key, state))
			bt_remember(key, state);
		if (newstate == BT_TCP_LISTEN && config.hook == BT_HOOK_ITERATOR)
			remember_listen(sk);
	} else if (newstate == BT_TCP_CLOSE && !config.has_cookie) {
		forget_opener((__u64)sk);
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
 * The same of closers alone, where connect() and listen() are hooked for their refusals already: a program that is
 * run at every change of state costs a connection more than these together. tcp_close() and tcp_shutdown() come here
 * from both states, in the task that closes.
 */
SEC("fentry/tcp_send_fin")
int BPF_PROG(on_fin, struct sock *sk)
{
	bt_remember(bpf_get_socket_cookie(sk), 1 << FIN_WAIT1);
	return 0;
}

/* A server that exits without closing has no memory left when its sockets close: keep its command line now. */
SEC("tp_btf/sched_process_exec")
int BPF_PROG(on_exec, struct task_struct *task)
{
	struct self self = {};

	read_typed_self(&self, task);
	keep_cmdline(&self, task->tgid, true);
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
