// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Who descends from the process that is followed, and when a followed port may have come free. The arguments
 * of these tracepoints have types that the verifier knows: lockdown, too, lets them be read.
 */
#include <bpf/bpf_endian.h>

#include "core.bpf.h"

/* Runs before the child does, in the task that forks: a child with CLONE_PARENT is its child too. */
SEC("tp_btf/sched_process_fork")
int BPF_PROG(on_fork, struct task_struct *parent, struct task_struct *child)
{
	__u32 from = parent->tgid, to = child->tgid;
	__u8 yes = 1;

	if (from == to || !bpf_map_lookup_elem(&tree, &from))
		return 0;
	if (bpf_map_update_elem(&tree, &to, &yes, BPF_ANY))
		count(BT_LOST_TREE);
	return 0;
}

/* The number of a process may be given to a stranger once its last thread is gone. */
SEC("tp_btf/sched_process_exit")
int BPF_PROG(on_exit, struct task_struct *task)
{
	__u32 pid = task->tgid;

	if (!task->signal->live.counter)
		bpf_map_delete_elem(&tree, &pid);
	return 0;
}

/*
 * tcp_v4_destroy_sock() says so just before it gives the port back. skc_num may be 0 by then (tcp_done()
 * of a socket that did not bind by itself), inet_sport is not.
 */
SEC("tp_btf/tcp_destroy_sock")
int BPF_PROG(on_destroy, const struct sock *sk)
{
	struct bt_hdr released = { .kind = BT_KIND_RELEASED,
				   .version = BT_ABI_VERSION,
				   .len = sizeof(released) };
	struct inet_sock *inet = (struct inet_sock *)bpf_skc_to_tcp_sock((void *)sk);
	__u16 port;

	if (!inet)
		return 0;
	port = bpf_ntohs(inet->inet_sport);
	if (!is_followed(port))
		return 0;
	released.boottime_ns = bpf_ktime_get_boot_ns();
	bpf_ringbuf_output(&ring, &released, sizeof(released), 0);
	return 0;
}
