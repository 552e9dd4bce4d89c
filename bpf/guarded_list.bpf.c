// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The iterators of the last rung (guarded.bpf.c): which sockets are on the ports that were refused, and who
 * has them open, through typed pointers only. iter/task_file takes a reference to the file it shows, so a
 * socket that is closed in that instant is closed by us (sharers.bpf.c); nothing else here leads to files.
 */
#include "core.bpf.h"
#include "typed.bpf.h"

enum { NEW_SYN_RECV = 12 };

static __always_inline bool is_looked_for(__u16 port)
{
	return port && looked_ports[port];
}

/* Where the maps of deeds have it: see tuple_key(). */
static __always_inline void see_keys(struct bt_found *f, const struct sock_common *c)
{
	f->opener_key = config.has_cookie ? f->sock.cookie : f->sock.sk;
	f->closer_key = config.has_cookie ? f->sock.cookie : tuple_key(f->netns, c);
}

static __always_inline void see_full(struct bt_found *f, const struct sock *sk)
{
	typed_sock(&f->sock, sk);
	f->netns = sk->__sk_common.skc_net.net->ns.inum;
	see_keys(f, &sk->__sk_common);
}

/* What only a mini-socket has: no uid, no inode, but a timer. */
static __always_inline void see_mini(struct bt_found *f, const struct inet_timewait_sock *tw)
{
	__u64 now = bpf_jiffies64(), expires = tw->tw_timer.expires;

	typed_common(&f->sock, &tw->__tw_common);
	f->sock.protocol = IPPROTO_TCP;
	f->sock.flags = BT_SOCK_MINI;
	f->sock.substate = tw->tw_substate;
	f->sock.timer_left_ns = (__s64)(expires - now) * (__s64)config.tick_ns;
	f->sock.frees_in_ns =
		(__s64)(bt_wheel_jiffy(expires, tw->tw_timer.flags) - now) * (__s64)config.tick_ns;
	f->netns = tw->__tw_common.skc_net.net->ns.inum;
	see_keys(f, &tw->__tw_common);
}

static __always_inline void see_bucket(struct bt_found *f, const struct inet_bind_bucket *tb)
{
	if (!tb)
		return;
	f->l3mdev = tb->l3mdev;
	f->fastreuse = tb->fastreuse;
}

/* The TCP sockets of one network namespace that listen or are connected, mini-sockets among them. */
SEC("iter/tcp")
int find_tcp(struct bpf_iter__tcp *ctx)
{
	struct sock_common *c = ctx->sk_common;
	const struct tcp_timewait_sock *tw;
	const struct tcp_sock *tcp;
	struct bt_found found = {};

	if (!c || !is_looked_for(c->skc_num))
		return 0;
	/* a request is no socket yet, and holds no port */
	if (c->skc_state == NEW_SYN_RECV)
		return 0;
	if (c->skc_state == BT_TCP_TIME_WAIT) {
		tw = bpf_skc_to_tcp_timewait_sock(c);
		if (!tw)
			return 0;
		see_mini(&found, &tw->tw_sk);
		see_bucket(&found, tw->tw_sk.tw_tb);
	} else {
		tcp = bpf_skc_to_tcp_sock(c);
		if (!tcp)
			return 0;
		see_full(&found, (const struct sock *)tcp);
		see_bucket(&found, ((const struct inet_connection_sock *)tcp)->icsk_bind_hash);
	}
	bpf_seq_write(ctx->meta->seq, &found, sizeof(found));
	return 0;
}

/* The UDP sockets of one network namespace. */
SEC("iter/udp")
int find_udp(struct bpf_iter__udp *ctx)
{
	const struct sock *sk = (const struct sock *)ctx->udp_sk;
	struct bt_found found = {};

	if (!sk || !is_looked_for(sk->__sk_common.skc_num))
		return 0;
	see_full(&found, sk);
	bpf_seq_write(ctx->meta->seq, &found, sizeof(found));
	return 0;
}

static __always_inline const struct sock *socket_of(struct file *file)
{
	const struct socket *socket = bpf_sock_from_file(file);

	return socket ? socket->sk : NULL;
}

/* Is it on the port, but in no table that an iterator shows? So are UDP-Lite, and TCP bound and no more. */
static __always_inline bool is_hidden(const struct sock *sk)
{
	return sk->sk_protocol == IPPROTO_UDPLITE ||
	       (sk->sk_protocol == IPPROTO_TCP && sk->__sk_common.skc_state == BT_TCP_CLOSE);
}

SEC("iter/task_file")
int find_bound(struct bpf_iter__task_file *ctx)
{
	struct task_struct *task = ctx->task;
	struct file *file = ctx->file;
	struct bt_found found = {};
	const struct tcp_sock *tcp;
	const struct sock *sk;

	if (!task || !file)
		return 0;
	sk = socket_of(file);
	if (!sk || !is_hidden(sk) || !is_looked_for(sk->__sk_common.skc_num))
		return 0;
	see_full(&found, sk);
	tcp = bpf_skc_to_tcp_sock((void *)sk);
	if (tcp)
		see_bucket(&found, ((const struct inet_connection_sock *)tcp)->icsk_bind_hash);
	bpf_seq_write(ctx->meta->seq, &found, sizeof(found));
	return 0;
}

static __always_inline void see_process(struct bt_sharer *s, const struct task_struct *task,
					__u32 fd)
{
	int i;

	s->pid = task->tgid;
	s->fd = fd;
	s->ppid = task->real_parent->tgid;
	s->uid = task->real_cred->uid.val;
	s->start_ns = task->group_leader->start_boottime;
	for (i = 0; i < BT_COMM_LEN; i++)
		s->comm[i] = task->group_leader->comm[i];
}

/* list_files() of sharers.bpf.c, but for UNIX sockets. */
SEC("iter/task_file")
int find_sharers(struct bpf_iter__task_file *ctx)
{
	struct task_struct *task = ctx->task;
	struct file *file = ctx->file;
	struct bt_sharer sharer = {};
	struct bt_sock id = {};
	const struct sock *sk;

	if (!task || !file)
		return 0;
	sk = socket_of(file);
	if (!sk)
		return 0;
	sharer.family = sk->__sk_common.skc_family;
	if (sharer.family != AF_INET && sharer.family != AF_INET6)
		return 0;
	typed_identity(&id, sk);
	if (!id.inode || !is_wanted(id.inode))
		return 0;
	sharer.inode = id.inode;
	/* the port is a subflow's, which has the socket's inode, but cannot be reached from here */
	sharer.sk = sk->sk_protocol == IPPROTO_MPTCP ? 0 : (__u64)sk;
	sharer.netns = sk->__sk_common.skc_net.net->ns.inum;
	see_process(&sharer, task, ctx->fd);
	bpf_seq_write(ctx->meta->seq, &sharer, sizeof(sharer));
	return 0;
}

/* seed_openers() of owners.bpf.c. */
SEC("iter/task_file")
int find_openers(struct bpf_iter__task_file *ctx)
{
	struct task_struct *task = ctx->task;
	struct file *file = ctx->file;
	struct bt_sharer sharer = {};
	struct bt_deed deed = {};
	const struct sock *sk;
	__u64 key;

	if (!task || !file)
		return 0;
	sk = socket_of(file);
	if (!sk || !bpf_skc_to_tcp_sock((void *)sk))
		return 0;
	see_process(&sharer, task, ctx->fd);
	deed.pid = sharer.pid;
	deed.uid = sharer.uid;
	deed.start_ns = sharer.start_ns;
	__builtin_memcpy(deed.comm, sharer.comm, sizeof(deed.comm));
	key = config.has_cookie ? bpf_get_socket_cookie((void *)sk) : (__u64)sk;
	bpf_map_update_elem(&openers, &key, &deed, BPF_NOEXIST);
	bpf_seq_write(ctx->meta->seq, &sharer, sizeof(sharer));
	return 0;
}
