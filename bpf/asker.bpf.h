/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Who asked: the current task, and its socket as far as no other file reads it. */
#ifndef BT_ASKER_BPF_H
#define BT_ASKER_BPF_H

#include "core.bpf.h"
#include "read.bpf.h"

enum { PF_IO_WORKER = 0x10, SOCK_BINDADDR_LOCK = 4 };

/*
 * What stands in the task itself is loaded where the verifier knows its type (5.11). Pointers are not: from 6.2 on
 * it looks through all types of the kernel for each of them, which would make the start longer.
 */

static __always_inline __u32 flags_of(struct task_struct *task)
{
	if (has_typed_task())
		return bpf_get_current_task_btf()->flags;
	return BPF_CORE_READ(task, flags);
}

static __always_inline __u32 seccomp_of(struct task_struct *task)
{
	if (has_typed_task())
		return bpf_get_current_task_btf()->seccomp.mode;
	return BPF_CORE_READ(task, seccomp.mode);
}

static __always_inline __u64 start_of_self(const struct bt_record *r, struct task_struct *task)
{
	if (r->task.pid == r->task.tid && has_typed_task())
		return bpf_get_current_task_btf()->start_boottime;
	return BPF_CORE_READ(task, group_leader, start_boottime);
}

/* A string: what may stand behind its end (before 5.17) nobody reads. A helper costs more than the two words. */
static __always_inline void copy_typed_comm(char to[BT_COMM_LEN])
{
	const __u64 *comm = (const __u64 *)bpf_get_current_task_btf()->comm;

	((__u64 *)to)[0] = comm[0];
	((__u64 *)to)[1] = comm[1];
}

/* Of another one: its process, and when that started. */
static __always_inline void read_parent(struct bt_record *r, struct task_struct *parent)
{
	__u32 pid = bpf_core_field_offset(parent->pid), tgid = bpf_core_field_offset(parent->tgid);
	__u32 ids[2] = { 0, 1 };

	if (tgid == pid + 4)
		bpf_probe_read_kernel(ids, sizeof(ids), (void *)parent + pid);
	else
		bpf_core_read(&ids[1], sizeof(ids[1]), &parent->tgid);
	r->task.ppid = ids[1];
	if (ids[0] == ids[1]) /* the leader itself */
		r->task.parent_start_ns = BPF_CORE_READ(parent, start_boottime);
	else
		r->task.parent_start_ns = BPF_CORE_READ(parent, group_leader, start_boottime);
	bpf_core_read_str(r->task.parent_comm, sizeof(r->task.parent_comm), &parent->comm);
}

/*
 * io_uring makes the call in io_uring_enter(), or in a thread that it has added to the process (SQPOLL,
 * IOSQE_ASYNC): people know that by the name of the process. A request that waited for another one may run
 * behind any other system call: nothing is said then.
 */
static __always_inline void read_comm(struct bt_record *r, struct task_struct *task,
				      const struct entry *entry)
{
	struct task_struct *leader;

	if (config.hook != BT_HOOK_TRACEPOINT && flags_of(task) & PF_IO_WORKER) {
		leader = BPF_CORE_READ(task, group_leader);
		r->uring = 1;
		bpf_core_read_str(r->task.comm, sizeof(r->task.comm), &leader->comm);
		return;
	}
	r->uring = entry->nr == SYS_IO_URING_ENTER;
	if (has_typed_task())
		copy_typed_comm(r->task.comm);
	else
		bpf_get_current_comm(r->task.comm, sizeof(r->task.comm));
}

static __always_inline void read_ids(struct bt_record *r)
{
	__u64 id;

	if (has_typed_task()) {
		r->task.pid = bpf_get_current_task_btf()->tgid;
		r->task.tid = bpf_get_current_task_btf()->pid;
		return;
	}
	id = bpf_get_current_pid_tgid();
	r->task.pid = id >> 32;
	r->task.tid = (__u32)id;
}

/* As much of the task as the filters and the folding ask for. */
static __always_inline void read_task(struct bt_record *r, const struct entry *entry)
{
	struct task_struct *task = (void *)bpf_get_current_task();

	read_ids(r);
	r->task.uid = (__u32)bpf_get_current_uid_gid();
	read_comm(r, task, entry);
}

static __always_inline void read_rest_of_task(struct bt_record *r)
{
	struct task_struct *task = (void *)bpf_get_current_task();

	r->task.start_ns = start_of_self(r, task);
	r->task.cgroup_id = bpf_get_current_cgroup_id();
	r->seccomp = seccomp_of(task) == 2; /* SECCOMP_MODE_FILTER */
	read_parent(r, BPF_CORE_READ(task, real_parent));
	r->cmdline_len = copy_cmdline(task, r->cmdline, sizeof(r->cmdline));
}

/*
 * listen() has no address argument: the socket keeps what bind() gave it. A connect() that failed may
 * leave the address the kernel had chosen for it: nobody asked for that.
 */
static __always_inline void read_bound(struct work *w, const struct sock_common *c)
{
	const struct sock *sk = (const void *)w->sk;

	w->rec.sock.port = c->skc_num;
	if (w->rec.operation != BT_OP_LISTEN &&
	    !(BPF_CORE_READ_BITFIELD_PROBED(sk, sk_userlocks) & SOCK_BINDADDR_LOCK))
		return;
	if (w->rec.sock.family == AF_INET6)
		__builtin_memcpy(w->rec.sock.addr, &c->skc_v6_rcv_saddr, 16);
	else
		__builtin_memcpy(w->rec.sock.addr, (const void *)&c->skc_rcv_saddr, 4);
}

/* IP_FREEBIND and IP_TRANSPARENT: enum INET_FLAGS_* since 6.6, bits of their own before. */
static __always_inline void read_flags(struct bt_sock *s, const struct sock *sk)
{
	const struct inet_sock *inet = (const void *)sk;
	const struct inet_sock___bits *bits = (const void *)sk;
	bool freebind, transparent;

	if (bpf_core_field_exists(inet->inet_flags)) {
		__u64 flags = BPF_CORE_READ(inet, inet_flags);

		freebind = flags >> 11 & 1;
		transparent = flags >> 15 & 1;
	} else {
		freebind = BPF_CORE_READ_BITFIELD_PROBED(bits, freebind);
		transparent = BPF_CORE_READ_BITFIELD_PROBED(bits, transparent);
	}
	s->flags |= (freebind ? BT_SOCK_FREEBIND : 0) | (transparent ? BT_SOCK_TRANSPARENT : 0);
}

/* Is the new socket in a live SO_REUSEPORT group already? Then the rule gives it no way out by it. */
static __always_inline bool is_grouped(const struct sock *sk)
{
	struct sock_reuseport *group = BPF_CORE_READ(sk, sk_reuseport_cb);

	if (!group)
		return false;
	if (!bpf_core_field_exists(group->num_closed_socks))
		return true;
	return !BPF_CORE_READ(group, num_closed_socks);
}

/* inet_sk_get_local_port_range(): what of the socket's own range lies within the namespace's. */
static __always_inline void narrow_port_range(struct bt_record *r, const struct sock *sk)
{
	const struct inet_sock *inet = (const void *)sk;
	const struct inet_sock___pair *pair = (const void *)sk;
	__u16 low = 0, high = 0, widest_low = r->port_low, widest_high = r->port_high;

	if (bpf_core_field_exists(inet->local_port_range)) {
		__u32 range = BPF_CORE_READ(inet, local_port_range);

		low = range;
		high = range >> 16;
	} else if (bpf_core_field_exists(pair->local_port_range)) {
		low = BPF_CORE_READ(pair, local_port_range.lo);
		high = BPF_CORE_READ(pair, local_port_range.hi);
	}
	if (low > widest_low && low <= widest_high)
		r->port_low = low;
	if (high >= widest_low && high < widest_high)
		r->port_high = high;
	r->narrowed = r->port_low != widest_low || r->port_high != widest_high;
}

/* Out of which ports the kernel chooses, for refusals that found none free. */
static __always_inline void read_port_range(struct bt_record *r, struct net *net,
					    const struct sock *sk)
{
	struct local_ports *ports =
		(void *)((__u64)net + bpf_core_field_offset(struct net, ipv4.ip_local_ports));
	struct local_ports___pair *pair = (void *)ports;

	if (bpf_core_field_exists(pair->range)) {
		r->port_low = BPF_CORE_READ(pair, range[0]);
		r->port_high = BPF_CORE_READ(pair, range[1]);
	} else {
		__u32 range = BPF_CORE_READ(ports, range);

		r->port_low = range;
		r->port_high = range >> 16;
	}
	narrow_port_range(r, sk);
}

#endif /* BT_ASKER_BPF_H */
