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
#include "see.bpf.h"

/*
 * A step is an open file, or 64 numbers of which none is: up to half a million descriptors of a process are
 * looked at. The verifier goes through every turn of a loop, so there is a function for each of several short
 * ones instead of a long one.
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

/* Is it one of the sockets asked for? By its own inode, or by that of the file a UNIX socket is bound to. */
static __always_inline bool is_wanted_sock(const struct sock *sk)
{
	struct bt_sharer s = {};
	struct bt_sock id = {};

	read_identity(&id, sk, NULL);
	if (id.inode && is_wanted(id.inode))
		return true;
	if (BPF_CORE_READ(sk, __sk_common.skc_family) != AF_UNIX)
		return false;
	read_unix(&s, sk);
	return s.file_inode && is_wanted(s.file_inode);
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

/* Sets file_walk's sk when number fd is a wanted socket, and still is after it was looked at. Always 0. */
__noinline int bt_look_at_file(__u32 fd)
{
	struct file *file = NULL, *still = NULL, **place;
	struct file_walk *w;
	__u32 zero = 0;
	struct sock *sk;

	w = bpf_map_lookup_elem(&file_walk, &zero);
	if (!w)
		return 0;
	place = (struct file **)w->files + fd;
	if (bpf_probe_read_kernel(&file, sizeof(file), place) || !file)
		return 0;
	sk = sock_of_file(file);
	if (!sk || !(wanted_untabled ? is_untabled_sock(sk) : is_wanted_sock(sk)))
		return 0;
	bpf_probe_read_kernel(&still, sizeof(still), place);
	if (still == file)
		w->sk = (__u64)sk;
	return 0;
}

/* STEPS steps, fewer when a wanted socket is found on the way. 1: the table is at its end. */
__noinline int bt_look_at_files(__u32 zero)
{
	struct file_walk *w = bpf_map_lookup_elem(&file_walk, &zero);
	__u64 word = 0;
	__u32 fd;
	int i;

	if (!w)
		return 1;
	for (i = 0; i < STEPS && !w->sk; i++) {
		fd = w->next_fd;
		if (fd >= w->max_fds)
			return 1;
		bpf_probe_read_kernel(&word, sizeof(word), (__u64 *)w->open_fds + fd / 64);
		word >>= fd % 64;
		w->next_fd = word ? fd + 1 : (fd | 63) + 1;
		if (word & 1)
			bt_look_at_file(fd);
	}
	return 0;
}

/* The next wanted socket within STEPS * BATCHES steps, to file_walk's sk. 1: the table is at its end. */
__noinline int bt_find_file(__u32 zero)
{
	struct file_walk *w = bpf_map_lookup_elem(&file_walk, &zero);
	int i;

	if (!w)
		return 1;
	w->sk = 0;
	for (i = 0; i < BATCHES && !w->sk; i++)
		if (bt_look_at_files(zero))
			return 1;
	return 0;
}

/* The number of the next row; BT_FILE_ROWS: there is none. */
static __always_inline __u32 next_row(struct file_walk *w)
{
	__u32 row = w->n_rows;

	/* the bound must be seen on the very register */
	asm volatile("" : "+r"(row));
	if (row >= BT_FILE_ROWS)
		return BT_FILE_ROWS;
	w->n_rows = row + 1;
	return row;
}

static __always_inline void add_open(struct file_walk *w)
{
	__u32 row = next_row(w);

	if (row < BT_FILE_ROWS)
		w->opens[row] = w->open;
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

/* Adds a row for the next of the socket's addresses. 0: there is none. */
__noinline int bt_describe_address(__u32 zero)
{
	struct file_walk *w = bpf_map_lookup_elem(&file_walk, &zero);
	struct sctp_place place;
	int more;

	if (!w)
		return 0;
	place.head = w->head;
	place.at = w->at;
	more = next_address(&place, &w->open.sock);
	w->at = place.at;
	if (more > 0)
		add_open(w);
	return more;
}

/* Adds the socket found, and the task, to file_walk's rows: one for each address. Always 0. */
__noinline int bt_describe_untabled(__u32 zero)
{
	struct file_walk *w = bpf_map_lookup_elem(&file_walk, &zero);
	const struct sctp_sock *sctp;
	struct sctp_place place;
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
	place = first_address(sctp);
	w->head = place.head;
	w->at = place.at;
	for (i = 0; i < BT_MAX_ADDRESSES; i++)
		if (!bt_describe_address(zero))
			break;
	return 0;
}

/* As many rows as there is room for, the last socket's addresses included. 1: the table is at its end. */
__noinline int bt_fill_rows(__u32 zero)
{
	struct file_walk *w = bpf_map_lookup_elem(&file_walk, &zero);
	int i;

	if (!w)
		return 1;
	w->n_rows = 0;
	for (i = 0; i < FINDS; i++) {
		if (bt_find_file(zero))
			return 1;
		if (!w->sk)
			continue;
		if (wanted_untabled)
			bt_describe_untabled(zero);
		else
			bt_describe_sharer(zero);
		if (w->n_rows > BT_FILE_ROWS - BT_MAX_ADDRESSES)
			break;
	}
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
	__u32 zero = 0, written = 0;
	struct file_walk *w;
	int i, done = 0;
	__u64 len;

	w = bpf_map_lookup_elem(&file_walk, &zero);
	if (!task || !w || !start_files(w, task))
		return 0;
	for (i = 0; i < ROUNDS && !done; i++) {
		done = bt_fill_rows(zero);
		len = w->n_rows *
		      (wanted_untabled ? sizeof(struct bt_open) : sizeof(struct bt_sharer));
		written += len;
		/* the bound must be seen on the very register */
		asm volatile("" : "+r"(len));
		if (!len || len > sizeof(w->opens))
			continue;
		if (written >= SEQ_BYTES)
			break;
		bpf_seq_write(seq, w->opens, len);
	}
	return 0;
}
