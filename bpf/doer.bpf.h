/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The current task as who does something: read as cheaply as that can be done. */
#ifndef BT_DOER_BPF_H
#define BT_DOER_BPF_H

#include "core.bpf.h"
#include "read.bpf.h"

/* Where the command line of a task is; zeros: it has no memory of its own, or that cannot be read here. */
struct arguments {
	__u64 start, end;
};

static struct task_struct *(*const cast_read_only)(struct task_struct *task,
						   __u32 type) = (void *)BT_CAST_READ_ONLY;

/*
 * A pointer whose type the verifier knows needs no helper that reads kernel memory (lockdown forbids those). But from
 * 6.2 on the verifier looks through all types of the kernel, some four times, for each that is taken out of a task.
 */
static __always_inline void find_typed_arguments(struct arguments *to, struct task_struct *task)
{
	struct mm_struct *mm = task->mm;

	if (!mm)
		return;
	to->start = mm->arg_start;
	to->end = mm->arg_end;
}

static __always_inline void find_arguments(struct arguments *to)
{
	struct task_struct *task;
	struct mm_struct *mm;

	if (config.hook == BT_HOOK_ITERATOR) {
		if (has_typed_task())
			find_typed_arguments(to, bpf_get_current_task_btf());
		return;
	}
	task = (void *)bpf_get_current_task();
	mm = BPF_CORE_READ(task, mm);
	if (!mm)
		return;
	to->start = BPF_CORE_READ(mm, arg_start);
	to->end = BPF_CORE_READ(mm, arg_end);
}

/* Keeps a command line, once for the life of its process between two execs. */
static __always_inline void keep_cmdline(const struct arguments *from, __u64 start_ns, __u32 pid,
					 bool again)
{
	struct bt_cmdline *old = bpf_map_lookup_elem(&cmdlines, &pid), new = {};

	if (!from->start || (!again && old && old->start_ns == start_ns))
		return;
	new.start_ns = start_ns;
	new.len = copy_arguments(from->start, from->end, new.text, sizeof(new.text));
	if (new.len)
		bpf_map_update_elem(&cmdlines, &pid, &new, BPF_ANY);
}

/* The current task's, out of the way of the many deeds for which it is there already. */
static __noinline void keep_own_cmdline(__u64 start_ns, __u32 pid)
{
	struct arguments arguments = {};

	find_arguments(&arguments);
	keep_cmdline(&arguments, start_ns, pid, false);
}

/* To look into the map once a second is enough for it to stay there among those that are used. */
static __always_inline void keep_cmdline_of(const struct bt_deed *deed)
{
	struct bt_kept *last = &kept[deed->pid & (BT_N_KEPT - 1)];

	if (last->start_ns == deed->start_ns && deed->time_ns - last->time_ns < 1000000000)
		return;
	keep_own_cmdline(deed->start_ns, deed->pid);
	last->start_ns = deed->start_ns;
	last->time_ns = deed->time_ns;
}

/*
 * The current task as one whose pointers the verifier trusts no more than those of untyped memory: so it asks nobody
 * which of them may be trusted (see above). Where that cannot be had, or all memory is closed, it is the task as it is.
 */
static __always_inline struct task_struct *untrusted_task(struct task_struct *task)
{
	return config.hook == BT_HOOK_ITERATOR ? task : cast_read_only(task, BT_TYPE_OF_TASK);
}

/* Fills the deed with the current task. Each helper costs as much as ten readings of what has a type. */
static __always_inline void fill_typed_deed(struct bt_deed *deed)
{
	struct task_struct *task = bpf_get_current_task_btf(), *untrusted = untrusted_task(task);
	const __u64 *comm = (const __u64 *)task->comm;
	__s32 pid = task->tgid;

	/* a load that may fault is seven instructions more, and clang would rather make another one */
	asm volatile("" : "+r"(pid));
	deed->pid = pid;
	/* what bpf_get_current_uid_gid() says: in the first namespace of users an id is what it is in the kernel */
	deed->uid = untrusted->cred->uid.val;
	deed->start_ns = task->start_boottime;
	if (task->pid != pid)
		deed->start_ns = untrusted->group_leader->start_boottime;
	((__u64 *)deed->comm)[0] = comm[0];
	((__u64 *)deed->comm)[1] = comm[1];
}

static __always_inline void fill_untyped_deed(struct bt_deed *deed)
{
	struct task_struct *task = (void *)bpf_get_current_task();

	deed->pid = bpf_get_current_pid_tgid() >> 32;
	deed->uid = (__u32)bpf_get_current_uid_gid();
	deed->start_ns = 0;
	if (config.hook != BT_HOOK_ITERATOR)
		deed->start_ns = BPF_CORE_READ(task, group_leader, start_boottime);
	bpf_get_current_comm(deed->comm, sizeof(deed->comm));
}

/* All of it. */
static __always_inline void fill_deed(struct bt_deed *deed)
{
	deed->time_ns = bpf_ktime_get_boot_ns();
	if (has_typed_task())
		fill_typed_deed(deed);
	else
		fill_untyped_deed(deed);
}

#endif /* BT_DOER_BPF_H */
