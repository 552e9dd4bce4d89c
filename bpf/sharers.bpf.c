// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Who has a socket open now: a walk of every process' table of files.
 *
 * The kernel's own iterator over files (iter/task_file) takes a reference to each one it shows. A socket
 * that is closed meanwhile lives on until we let go: the port stays taken, and the tracer is the last to
 * close it. So the tables are read without one. Reads never fault; an entry counts only when it is still
 * in its place after it was read.
 */
#include "core.bpf.h"
#include "rows.bpf.h"
#include "see.bpf.h"

/*
 * A step is an open file, or 64 numbers of which none is: up to half a million descriptors of a process are
 * looked at. The verifier goes through every turn of a loop, and at each on every way that leads to the next: so
 * there is a function for each of several short ones instead of a long one, and what a turn does is in another.
 */
enum { STEPS = 32, BATCHES = 32, FINDS = 32, ROUNDS = 16, COUNTS = 16 };
/* bpf_seq_read() has eight pages, and gives up (E2BIG) when what is written of one task does not fit in. */
enum { SEQ_BYTES = 8 * 4096 };

/* The name it was given by bind(), which is not where that file may be by now. */
static __always_inline void hash_name(struct bt_sharer *s, const struct unix_sock *u)
{
	struct unix_address *addr = BPF_CORE_READ(u, addr);
	char path[BT_PATH_LEN] __attribute__((aligned(2))) = {};
	__u64 len = BPF_CORE_READ(addr, len) - 2;

	if (len > BT_PATH_LEN)
		return;
	asm volatile("" : "+r"(len));
	if (len > BT_PATH_LEN || bpf_core_read(path, len, &addr->name[0].sun_path))
		return;
	hash_path(path, s->name_hash);
}

static __always_inline void read_unix(struct bt_sharer *s, const struct sock *sk)
{
	const struct unix_sock *u = (const void *)sk;
	struct inode *file = BPF_CORE_READ(u, path.dentry, d_inode);

	s->type = BPF_CORE_READ(sk, sk_type);
	s->state = BPF_CORE_READ(sk, __sk_common.skc_state);
	if (!file)
		return;
	s->file_inode = BPF_CORE_READ(file, i_ino);
	s->file_device = BPF_CORE_READ(file, i_sb, s_dev);
}

/* is_wanted(), which the verifier goes through once for both inodes. */
__noinline int bt_is_wanted(__u64 inode)
{
	return inode && is_wanted(inode);
}

/* Is it one of the sockets asked for? By its own inode, or by that of the file a UNIX socket is bound to. */
static __always_inline bool is_wanted_sock(const struct sock *sk)
{
	struct bt_sharer s = {};
	struct bt_sock id = {};

	read_identity(&id, sk, NULL);
	if (bt_is_wanted(id.inode))
		return true;
	if (BPF_CORE_READ(sk, __sk_common.skc_family) != AF_UNIX)
		return false;
	read_unix(&s, sk);
	return bt_is_wanted(s.file_inode);
}

/* Does a walk in the refused task not come to it? Of TCP, those who listen or are bound stand last (enrich/crowd.h). */
static __always_inline bool is_beyond_walks(const struct bt_sock *s, const struct sock *sk)
{
	__u8 state = BPF_CORE_READ(sk, __sk_common.skc_state);

	if (s->protocol == IPPROTO_TCP || s->protocol == IPPROTO_MPTCP)
		return state == BT_TCP_LISTEN || state == BT_TCP_CLOSE;
	return bt_is_sctp(s) || bt_is_ping(s);
}

/* Is it such a socket on one of the ports asked for? */
static __always_inline bool is_untabled_sock(const struct sock *sk)
{
	struct bt_sock s = {
		.family = BPF_CORE_READ(sk, __sk_common.skc_family),
		.protocol = read_protocol(sk),
	};
	__u32 port = BPF_CORE_READ(sk, __sk_common.skc_num);

	if ((s.family != AF_INET && s.family != AF_INET6) || !is_beyond_walks(&s, sk))
		return false;
	return wanted_ports[port / 64 & (BT_N_PORTS / 64 - 1)] >> (port % 64) & 1;
}

/* Sets file_walk's sk when number fd is a wanted socket, and still is after it was looked at. */
static __always_inline void look_at_file(struct file_walk *w, __u32 fd)
{
	struct file *file = NULL, *still = NULL, **place = (struct file **)w->files + fd;
	struct sock *sk;

	if (bpf_probe_read_kernel(&file, sizeof(file), place) || !file)
		return;
	sk = sock_of_file(file);
	if (!sk || !(wanted_untabled ? is_untabled_sock(sk) : is_wanted_sock(sk)))
		return;
	bpf_probe_read_kernel(&still, sizeof(still), place);
	if (still == file)
		w->sk = (__u64)sk;
}

/* One step. 1: the table is at its end, or a wanted socket was found. */
__noinline int bt_look_at_number(__u32 zero)
{
	struct file_walk *w = bpf_map_lookup_elem(&file_walk, &zero);
	__u64 word = 0;
	__u32 fd;

	if (!w)
		return 1;
	fd = w->next_fd;
	w->done = fd >= w->max_fds;
	if (w->done)
		return 1;
	bpf_probe_read_kernel(&word, sizeof(word), (__u64 *)w->open_fds + fd / 64);
	word >>= fd % 64;
	w->next_fd = word ? fd + 1 : (fd | 63) + 1;
	if (word & 1)
		look_at_file(w, fd);
	return w->sk != 0;
}

/* STEPS of them, if none says that it is enough. */
__noinline int bt_look_at_numbers(__u32 zero)
{
	int i;

	for (i = 0; i < STEPS; i++)
		if (bt_look_at_number(zero))
			return 1;
	return 0;
}

/* The next wanted socket within STEPS * BATCHES steps, to file_walk's sk. Always 0. */
__noinline int bt_find_file(__u32 zero)
{
	struct file_walk *w = bpf_map_lookup_elem(&file_walk, &zero);
	int i;

	if (!w)
		return 0;
	w->sk = 0;
	for (i = 0; i < BATCHES; i++)
		if (bt_look_at_numbers(zero))
			break;
	return 0;
}

/* Describes the socket found, and the task, in one more of file_walk's sharers. Always 0. */
__noinline int bt_describe_sharer(__u32 zero)
{
	struct file_walk *w = bpf_map_lookup_elem(&file_walk, &zero);
	const struct sock *sk;
	struct bt_sharer *s;
	struct bt_sock id = {};
	__u32 row;

	if (!w)
		return 0;
	row = next_row(w);
	if (row >= BT_FILE_ROWS)
		return 0;
	s = &w->sharers[row];
	sk = (const struct sock *)w->sk;
	__builtin_memset(s, 0, sizeof(*s));
	read_identity(&id, sk, NULL);
	s->sk = w->sk;
	s->inode = id.inode;
	s->family = BPF_CORE_READ(sk, __sk_common.skc_family);
	s->netns = BPF_CORE_READ(sk, __sk_common.skc_net.net, ns.inum);
	if (s->family == AF_UNIX) {
		read_unix(s, sk);
		hash_name(s, (const void *)sk);
	}
	fill_sharer(s, (struct task_struct *)w->task, w->next_fd - 1);
	return 0;
}

/* Counts some more of the sockets that have the port of the one found, itself among them. 1: that is all. */
__noinline int bt_count_on_port(__u32 zero)
{
	struct file_walk *w = bpf_map_lookup_elem(&file_walk, &zero);
	struct hlist_node *node;
	int i;

	if (!w)
		return 1;
	node = (struct hlist_node *)w->at;
	for (i = 0; i < COUNTS && node; i++) {
		node = BPF_CORE_READ(node, next);
		w->open.on_port++;
	}
	w->at = (__u64)node;
	return !node;
}

/* Adds the socket found, and the task, to file_walk's rows: one for each address. Always 0. */
__noinline int bt_describe_untabled(__u32 zero)
{
	struct file_walk *w = bpf_map_lookup_elem(&file_walk, &zero);
	const struct sctp_sock *sctp;
	int i;

	if (!w)
		return 0;
	__builtin_memset(&w->open, 0, sizeof(w->open));
	see_sock(&w->open, (const struct sock *)w->sk);
	see_task(&w->open, (const struct task_struct *)w->task, w->next_fd - 1);
	if (!bt_is_sctp(&w->open.sock)) {
		add_open(w);
		return 0;
	}
	sctp = (const struct sctp_sock *)w->sk;
	w->at = (__u64)BPF_CORE_READ(sctp, bind_hash, owner.first);
	for (i = 0; i < BT_MAX_ON_PORT / COUNTS; i++)
		if (bt_count_on_port(zero))
			break;
	add_addresses(w, zero);
	return 0;
}

/* Rows for the next wanted socket. 1: the table is at its end, or there may be no room for another one's. */
__noinline int bt_add_rows(__u32 zero)
{
	struct file_walk *w = bpf_map_lookup_elem(&file_walk, &zero);

	if (!w)
		return 1;
	bt_find_file(zero);
	if (w->sk && wanted_untabled)
		bt_describe_untabled(zero);
	else if (w->sk)
		bt_describe_sharer(zero);
	return w->done || w->n_rows > BT_FILE_ROWS - BT_MAX_ADDRESSES;
}

/* As many rows as there is room for, the last socket's addresses included. How many bytes of them are to be written. */
__noinline int bt_fill_rows(__u32 zero)
{
	struct file_walk *w = bpf_map_lookup_elem(&file_walk, &zero);
	__u32 len;
	int i;

	if (!w)
		return 0;
	w->n_rows = 0;
	for (i = 0; i < FINDS; i++)
		if (bt_add_rows(zero))
			break;
	len = w->n_rows * (wanted_untabled ? sizeof(struct bt_open) : sizeof(struct bt_sharer));
	w->written += len;
	if (w->written < SEQ_BYTES)
		return len;
	w->done = 1;
	return 0;
}

static __always_inline bool start_files(struct file_walk *w, struct task_struct *task)
{
	struct files_struct *files = BPF_CORE_READ(task, files);
	struct task_struct *leader = BPF_CORE_READ(task, group_leader);
	struct fdtable *table;

	/* threads share their leader's table, as a rule; one whose leader has exited is asked itself */
	if (!files || (task != leader && BPF_CORE_READ(leader, files) == files))
		return false;
	table = BPF_CORE_READ(files, fdt);
	w->task = (__u64)task;
	w->max_fds = BPF_CORE_READ(table, max_fds);
	w->files = (__u64)BPF_CORE_READ(table, fd);
	w->open_fds = (__u64)BPF_CORE_READ(table, open_fds);
	w->next_fd = 0;
	w->written = 0;
	w->done = 0;
	return true;
}

/*
 * Writes a struct bt_sharer for every open file of the task that is one of the wanted sockets; or, when
 * wanted_untabled, a struct bt_open for every address of every socket of SCTP and of ping, and of TCP if it
 * listens or is only bound, that is on one of the wanted ports.
 */
SEC("iter/task")
int list_files(struct bpf_iter__task *ctx)
{
	struct task_struct *task = ctx->task;
	struct seq_file *seq = ctx->meta->seq;
	struct file_walk *w;
	__u32 zero = 0;
	int i;

	w = bpf_map_lookup_elem(&file_walk, &zero);
	if (!task || !w || !start_files(w, task))
		return 0;
	for (i = 0; i < ROUNDS; i++) {
		write_rows(seq, w, bt_fill_rows(zero));
		if (w->done)
			break;
	}
	return 0;
}
