// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * One refusal, examined in the task that met it: who asked, for what, with which socket; then the
 * holders; then one record to user space.
 */
#include "asked.bpf.h"
#include "core.bpf.h"
#include "read.bpf.h"
#include "wanted.bpf.h"

enum { SYS_BIND = 49, SYS_LISTEN = 50, SYS_IO_URING_ENTER = 426 };
enum { PF_IO_WORKER = 0x10, SOCK_BINDADDR_LOCK = 4 };

/*
 * io_uring makes the call in io_uring_enter(), or in a thread that it has added to the process (SQPOLL,
 * IOSQE_ASYNC): people know that by the name of the process. A request that waited for another one may run
 * behind any other system call: nothing is said then.
 */
static __always_inline void read_comm(struct bt_record *r, struct task_struct *task)
{
	struct task_struct *leader = BPF_CORE_READ(task, group_leader);
	struct pt_regs *regs = entry_regs();

	if (BPF_CORE_READ(task, flags) & PF_IO_WORKER) {
		r->uring = 1;
		bpf_core_read_str(r->task.comm, sizeof(r->task.comm), &leader->comm);
		return;
	}
	r->uring = BPF_CORE_READ(regs, orig_ax) == SYS_IO_URING_ENTER;
	bpf_get_current_comm(r->task.comm, sizeof(r->task.comm));
}

static __always_inline void read_task(struct bt_record *r)
{
	struct task_struct *task = (void *)bpf_get_current_task(), *parent;
	__u64 id = bpf_get_current_pid_tgid();

	r->task.pid = id >> 32;
	r->task.tid = (__u32)id;
	r->task.uid = (__u32)bpf_get_current_uid_gid();
	r->task.start_ns = BPF_CORE_READ(task, group_leader, start_boottime);
	r->task.cgroup_id = bpf_get_current_cgroup_id();
	read_comm(r, task);
	parent = BPF_CORE_READ(task, real_parent);
	r->task.ppid = BPF_CORE_READ(parent, tgid);
	r->task.parent_start_ns = BPF_CORE_READ(parent, group_leader, start_boottime);
	bpf_core_read_str(r->task.parent_comm, sizeof(r->task.parent_comm), &parent->comm);
}

static __always_inline void read_cmdline(struct bt_record *r)
{
	struct task_struct *task = (void *)bpf_get_current_task();

	r->cmdline_len = copy_cmdline(task, r->cmdline, sizeof(r->cmdline));
}

/*
 * listen() has no address argument: the socket keeps what bind() gave it. A connect() that failed may
 * leave the address the kernel had chosen for it: nobody asked for that.
 */
static __always_inline void read_bound(struct work *w, const struct sock_common *c)
{
	const struct sock *sk = (const void *)c;

	w->rec.sock.port = BPF_CORE_READ(c, skc_num);
	if (w->rec.operation != BT_OP_LISTEN &&
	    !(BPF_CORE_READ_BITFIELD_PROBED(sk, sk_userlocks) & SOCK_BINDADDR_LOCK))
		return;
	if (w->rec.sock.family == AF_INET6)
		bpf_core_read(w->rec.sock.addr, 16, &c->skc_v6_rcv_saddr);
	else
		bpf_core_read(w->rec.sock.addr, 4, &c->skc_rcv_saddr);
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

static __always_inline void read_inet(struct work *w, __u32 slot, const struct sock *sk)
{
	const struct sock_common *c = &sk->__sk_common;
	struct bt_sock *s = &w->rec.sock;
	struct net *net = (struct net *)w->net;
	struct pt_regs *regs = entry_regs();

	s->ifindex = BPF_CORE_READ(c, skc_bound_dev_if);
	s->v6only = BPF_CORE_READ_BITFIELD_PROBED(c, skc_ipv6only);
	read_flags(s, sk);
	/* a listen() that succeeded has made the group itself, and so has a bind() of UDP */
	if (is_grouped(sk) && (w->rec.error || (w->rec.operation != BT_OP_LISTEN && !bt_is_udp(s))))
		s->flags |= BT_SOCK_GROUPED;
	if (bt_is_sctp(s))
		s->reuse_sctp = read_reuse_sctp(sk);
	w->rec.unprivileged_start = BPF_CORE_READ(net, ipv4.sysctl_ip_prot_sock);
	w->rec.bound_port = BPF_CORE_READ(c, skc_num);
	read_port_range(&w->rec, net, sk);
	bt_read_programs(slot);
	if (w->uaddr && w->rec.operation == BT_OP_BIND) {
		read_address(w);
		if (!w->user_uaddr && w->rec.error && bt_asks_programs(s) && !w->rec.uring &&
		    BPF_CORE_READ(regs, orig_ax) == SYS_BIND)
			read_unchanged(w, BPF_CORE_READ(regs, si));
	} else {
		read_bound(w, c);
	}
	if (w->uaddr && w->rec.operation == BT_OP_CONNECT)
		read_destination(w);
	if (w->rec.operation == BT_OP_CONNECT && w->rec.bound_port)
		w->rec.rule |= BT_RULE_TUPLE;
}

static __always_inline void read_sock(struct work *w, __u32 slot)
{
	const struct sock *sk = (const struct sock *)w->sk;
	const struct sock_common *c = &sk->__sk_common;
	struct bt_sock *s = &w->rec.sock;
	struct net *net;

	s->sk = w->sk;
	s->family = BPF_CORE_READ(c, skc_family);
	s->protocol = read_protocol(sk);
	s->state = BPF_CORE_READ(c, skc_state);
	w->rec.sk_type = BPF_CORE_READ(sk, sk_type);
	s->cookie = BPF_CORE_READ(c, skc_cookie.counter);
	s->reuse = BPF_CORE_READ_BITFIELD_PROBED(c, skc_reuse);
	s->reuseport = BPF_CORE_READ_BITFIELD_PROBED(c, skc_reuseport);
	read_identity(s, sk);
	net = BPF_CORE_READ(c, skc_net.net);
	w->net = (__u64)net;
	w->rec.task.netns = BPF_CORE_READ(net, ns.inum);
	if (s->family == AF_UNIX) {
		if (w->rec.operation == BT_OP_LISTEN)
			read_own_name(w, sk);
		else
			read_path(w);
		read_root(&w->rec);
	} else {
		read_inet(w, slot, sk);
	}
}

/* The descriptor was no socket: only the task and the address argument are left to tell of. */
static __always_inline void read_no_sock(struct work *w)
{
	struct task_struct *task = (void *)bpf_get_current_task();

	w->rec.task.netns = BPF_CORE_READ(task, nsproxy, net_ns, ns.inum);
	read_address(w);
	if (w->rec.sa_family == AF_UNIX) {
		w->rec.sock.family = AF_UNIX;
		read_path(w);
	}
}

/*
 * Somebody in the kernel tells of this bind(2) or listen(2), so the hook behind it need not. Not of a call
 * through io_uring or of the kernel's own: the mark would outlive it and silence another.
 */
static __always_inline void mark_told(const struct bt_record *r)
{
	struct pt_regs *regs = entry_regs();
	struct told_key key = { .tid = r->task.tid, .operation = r->operation };
	__u64 call = r->operation == BT_OP_BIND ? SYS_BIND : SYS_LISTEN;

	if ((r->operation == BT_OP_BIND || r->operation == BT_OP_LISTEN) && !r->uring &&
	    r->hook != BT_HOOK_TRACEPOINT && (r->who == BT_WHO_PROTOCOL || r->who == BT_WHO_LSM) &&
	    BPF_CORE_READ(regs, orig_ax) == call)
		bpf_map_update_elem(&told, &key, &r->hdr.boottime_ns, BPF_ANY);
}

/*
 * The tables of these are not walked here, or not to their end: user space looks for the holders, a moment later. A
 * socket that was bound in between was not in the way.
 */
static __always_inline void remember_bound(const struct bt_record *r)
{
	__u64 sk = r->sock.sk;

	if (!r->error &&
	    (bt_is_sctp(&r->sock) || bt_is_ping(&r->sock) || is_followed(r->sock.port)))
		bpf_map_update_elem(&late, &sk, &r->hdr.boottime_ns, BPF_ANY);
}

__noinline int bt_examine(__u32 slot)
{
	struct work *w = bpf_map_lookup_elem(&works, &slot);
	struct task_struct *task = (void *)bpf_get_current_task();
	struct bt_record *r;

	if (!w)
		return 0;
	r = &w->rec;
	r->hdr.version = BT_ABI_VERSION;
	r->hdr.boottime_ns = bpf_ktime_get_boot_ns();
	r->rule = config.rule;
	r->hook = config.hook;
	read_task(r);
	r->seccomp = BPF_CORE_READ(task, seccomp.mode) == 2; /* SECCOMP_MODE_FILTER */
	if (w->sk)
		read_sock(w, slot);
	else
		read_no_sock(w);
	if (r->error)
		mark_told(r);
	remember_bound(r);
	if (!is_to_be_sent(r))
		return 0;
	read_cmdline(r);
	return 1;
}

/* The one place that writes to the ring buffer. */
__noinline int bt_emit(__u32 slot)
{
	struct work *w = bpf_map_lookup_elem(&works, &slot);
	struct bt_record *r;
	__u64 len;
	__u32 n;
	long failed;

	if (!w)
		return 0;
	r = &w->rec;
	n = r->n_holders;
	if (n > BT_MAX_HOLDERS)
		n = BT_MAX_HOLDERS;
	len = offsetof(struct bt_record, holders) + n * sizeof(struct bt_holder);
	r->hdr.len = len;
	failed = bpf_ringbuf_output(&ring, r, len, 0);
	if (r->error)
		count(failed ? BT_LOST_RING : BT_SENT);
	return 0;
}
