/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Readings of kernel structures that more than one file of bpf/ makes. */
#ifndef BT_READ_BPF_H
#define BT_READ_BPF_H

#include "arch.bpf.h"
#include "core.bpf.h"

/*
 * Two pointers, or longs, of a structure by their offsets; at once where one stands behind the other, as those that
 * are read by this do on every kernel so far. Reading memory is half of what a refusal costs.
 */
static __always_inline void read_pair(__u64 to[2], const void *from, __u32 first, __u32 second)
{
	if (second == first + 8) {
		bpf_probe_read_kernel(to, 16, from + first);
		return;
	}
	bpf_probe_read_kernel(&to[0], 8, from + first);
	bpf_probe_read_kernel(&to[1], 8, from + second);
}

/* Has the current task a type that the verifier knows (5.11)? */
static __always_inline bool has_typed_task(void)
{
	return bpf_core_enum_value_exists(enum bpf_func_id, BPF_FUNC_get_current_task_btf);
}

/* What kind of a socket it is, and whose. */
struct sock_kind {
	__u64 inode; /* sk_ino (6.18); 0: see the inode itself */
	__u32 uid;   /* sk_uid */
	__u16 type, protocol;
	bool of_kernel; /* sk_kern_sock */
};

/* Where in a copy that begins at first a field is; past its end: not in it. */
static __always_inline __u32 near(__u32 offset, __u32 first)
{
	__u32 at = offset - first;

	/* what the verifier compares must be what is added to the copy's address */
	asm volatile("" : "+r"(at));
	return at;
}

/* sk_kern_sock out of the byte that it is a bit of, as BPF_CORE_READ_BITFIELD() would take it out of a sock. */
static __always_inline bool bit_of_kernel(__u64 byte)
{
	const struct sock *sk = NULL;

	byte <<= __CORE_RELO(sk, sk_kern_sock, LSHIFT_U64);
	return byte >> __CORE_RELO(sk, sk_kern_sock, RSHIFT_U64);
}

/*
 * In one reading, as these fields stand close together on every kernel so far. false: they do not, and *kind is as it
 * was.
 */
static __always_inline bool read_near(struct sock_kind *kind, const struct sock *sk,
				      __u64 bytes[BT_NEAR_LEN / 8])
{
	const struct sock___ino *sk_ino = (const void *)sk;
	__u32 type = bpf_core_field_offset(sk->sk_type), uid = bpf_core_field_offset(sk->sk_uid);
	__u32 protocol = bpf_core_field_offset(sk->sk_protocol), first = type, ino = first;
	__u32 kernel = __CORE_RELO(sk, sk_kern_sock, BYTE_OFFSET);

	if (bpf_core_field_exists(sk_ino->sk_ino))
		ino = bpf_core_field_offset(sk_ino->sk_ino);
	first = protocol < first ? protocol : first;
	first = kernel < first ? kernel : first;
	first = uid < first ? uid : first;
	first &= ~7u; /* each is as aligned in the copy as it is there */
	type = near(type, first);
	protocol = near(protocol, first);
	kernel = near(kernel, first);
	uid = near(uid, first);
	ino = near(ino, first);
	if (__CORE_RELO(sk, sk_kern_sock, BYTE_SIZE) != 1 || type > BT_NEAR_LEN - 8 ||
	    protocol > BT_NEAR_LEN - 8 || kernel > BT_NEAR_LEN - 8 || uid > BT_NEAR_LEN - 8 ||
	    ino > BT_NEAR_LEN - 8 ||
	    bpf_probe_read_kernel(bytes, BT_NEAR_LEN, (const void *)sk + first))
		return false;
	kind->type = *(__u16 *)((void *)bytes + type);
	kind->protocol = *(__u16 *)((void *)bytes + protocol);
	kind->uid = *(__u32 *)((void *)bytes + uid);
	kind->of_kernel = bit_of_kernel(*(__u8 *)((void *)bytes + kernel));
	if (bpf_core_field_exists(sk_ino->sk_ino))
		kind->inode = *(__u64 *)((void *)bytes + ino);
	return true;
}

/*
 * IPPROTO_*, with MPTCP told from TCP: a subflow is a TCP socket that says so. A raw socket is IPPROTO_RAW,
 * whichever protocol it takes packets of: it has no port.
 */
static __always_inline __u16 tell_protocol(const struct sock *sk, __u16 type, __u16 protocol)
{
	const struct tcp_sock *tcp = (const void *)sk;

	if (type == SOCK_RAW)
		return BT_IPPROTO_RAW;
	if (protocol == IPPROTO_TCP && bpf_core_field_exists(tcp->is_mptcp) &&
	    BPF_CORE_READ(tcp, is_mptcp))
		return IPPROTO_MPTCP;
	return protocol;
}

static __always_inline __u16 read_protocol(const struct sock *sk)
{
	return tell_protocol(sk, BPF_CORE_READ(sk, sk_type), BPF_CORE_READ(sk, sk_protocol));
}

/* room: BT_NEAR_LEN bytes, which the stack of a program has not; NULL: there is none, and each is read by itself. */
static __always_inline void read_kind(struct sock_kind *kind, const struct sock *sk, __u64 *room)
{
	const struct sock___ino *sk_ino = (const void *)sk;

	__builtin_memset(kind, 0, sizeof(*kind));
	if (!room || !read_near(kind, sk, room)) {
		kind->type = BPF_CORE_READ(sk, sk_type);
		kind->protocol = BPF_CORE_READ(sk, sk_protocol);
		kind->uid = BPF_CORE_READ(sk, sk_uid.val);
		kind->of_kernel = BPF_CORE_READ_BITFIELD_PROBED(sk, sk_kern_sock);
		if (bpf_core_field_exists(sk_ino->sk_ino))
			kind->inode = BPF_CORE_READ(sk_ino, sk_ino);
	}
	kind->protocol = tell_protocol(sk, kind->type, kind->protocol);
}

/*
 * The kernel's own socket says so (sock_create_kern()), or has no file: whoever closes one that had a file takes it
 * from its sock first (__sock_release()), so a sock that still has it was never a program's. That NFS gives its
 * sockets a file (xs_create_sock(), 5.11) gives them to no process. The subflows of MPTCP are the kernel's own: the
 * socket of the connection counts.
 */
static __always_inline bool is_of_kernel(const struct sock *sk, struct socket *socket,
					 const struct sock_kind *kind)
{
	const struct inet_connection_sock *icsk = (const void *)sk;
	const struct mptcp_subflow_context *subflow;
	bool of_kernel = kind->of_kernel;

	if (kind->protocol == IPPROTO_MPTCP && bpf_core_type_exists(struct mptcp_subflow_context)) {
		subflow = BPF_CORE_READ(icsk, icsk_ulp_data);
		sk = BPF_CORE_READ(subflow, conn);
		socket = BPF_CORE_READ(sk, sk_socket);
		if (!socket)
			return false;
		of_kernel = BPF_CORE_READ_BITFIELD_PROBED(sk, sk_kern_sock);
	}
	if (of_kernel)
		return true;
	return !BPF_CORE_READ(socket, file) && BPF_CORE_READ(sk, sk_socket) == socket;
}

/*
 * A socket's protocol and inode number, and the uid that the SO_REUSEPORT rule compares: sock_i_uid(), which is the
 * inode's and 0 without one, until 6.18 made it sk->sk_uid. of_file: the current task has it open.
 */
static __always_inline void set_identity(struct bt_sock *to, const struct sock *sk,
					 const struct sock_kind *kind, bool of_file)
{
	const struct sock___ino *sk_ino = (const void *)sk;
	struct socket_alloc *alloc;
	struct socket *socket;

	to->protocol = kind->protocol;
	if (of_file && kind->protocol != IPPROTO_MPTCP && bpf_core_field_exists(sk_ino->sk_ino)) {
		to->uid = kind->uid;
		to->inode = kind->inode;
		return;
	}
	socket = BPF_CORE_READ(sk, sk_socket);
	alloc = (void *)((__u64)socket - bpf_core_field_offset(struct socket_alloc, socket));
	if (!socket)
		to->flags |= BT_SOCK_NO_SOCKET;
	else
		to->kernel = is_of_kernel(sk, socket, kind);
	if (bpf_core_field_exists(sk_ino->sk_ino)) {
		to->uid = kind->uid;
		to->inode = socket ? kind->inode : 0;
	} else if (socket) {
		to->uid = BPF_CORE_READ(alloc, vfs_inode.i_uid.val);
		to->inode = BPF_CORE_READ(alloc, vfs_inode.i_ino);
	}
}

/* room: as for read_kind(). */
static __always_inline void read_identity(struct bt_sock *to, const struct sock *sk, __u64 *room)
{
	struct sock_kind kind;

	read_kind(&kind, sk, room);
	set_identity(to, sk, &kind, false);
}

/* What of a full socket its owner has bound, the address, the port or both. */
static __always_inline void read_locks(struct bt_sock *to, const struct sock *sk)
{
	__u32 locks = BPF_CORE_READ_BITFIELD_PROBED(sk, sk_userlocks);

	if (locks & 4) /* SOCK_BINDADDR_LOCK */
		to->flags |= BT_SOCK_BOUND_ADDR;
	if (locks & 8) /* SOCK_BINDPORT_LOCK */
		to->flags |= BT_SOCK_BOUND_PORT;
}

/* Command lines in user memory, from start to end, at most max bytes (a power of two); 0: not there. */
static __always_inline __u32 copy_arguments(__u64 start, __u64 end, char *to, __u32 max)
{
	__u64 len = end - start;

	if (len > max)
		len = max;
	/* clang may otherwise prove the bound on a copy and drop it from the register the verifier looks at */
	asm volatile("" : "+r"(len));
	if (len > max || bpf_probe_read_user(to, len, (void *)start))
		return 0;
	return len;
}

/*
 * The command line of a task, arguments separated by NUL, at most max bytes (a power of two); 0 when it
 * has no memory any more (it is exiting) or the page is not there.
 */
static __always_inline __u32 copy_cmdline(struct task_struct *task, char *to, __u32 max)
{
	struct mm_struct *mm = BPF_CORE_READ(task, mm);
	__u64 arg[2] = {};

	if (!mm)
		return 0;
	read_pair(arg, mm, bpf_core_field_offset(struct mm_struct, arg_start),
		  bpf_core_field_offset(struct mm_struct, arg_end));
	return copy_arguments(arg[0], arg[1], to, max);
}

/*
 * The struct sock behind an open file; NULL when the file is no socket. Told by the inode's mode and by
 * the socket pointing back: socket_file_ops is not in every kernel's symbol table.
 */
static __always_inline struct sock *sock_of_file(struct file *file)
{
	__u64 data_inode[2] = {}, file_sk[2] = {};
	struct mptcp_sock *mptcp;
	struct socket *socket;
	struct inode *inode;
	struct sock *sk;

	/* one behind the other since 6.10 or so */
	read_pair(data_inode, file, bpf_core_field_offset(struct file, private_data),
		  bpf_core_field_offset(struct file, f_inode));
	socket = (struct socket *)data_inode[0];
	inode = (struct inode *)data_inode[1];
	if (!socket || (BPF_CORE_READ(inode, i_mode) & 0170000) != 0140000) /* S_IFMT, S_IFSOCK */
		return NULL;
	read_pair(file_sk, socket, bpf_core_field_offset(struct socket, file),
		  bpf_core_field_offset(struct socket, sk));
	if (file_sk[0] != (__u64)file)
		return NULL;
	sk = (struct sock *)file_sk[1];
	if (!bpf_core_type_exists(struct mptcp_sock) ||
	    BPF_CORE_READ(sk, sk_protocol) != IPPROTO_MPTCP)
		return sk;
	/* the port belongs to the first TCP subflow */
	mptcp = (struct mptcp_sock *)sk;
	return BPF_CORE_READ(mptcp, first);
}

/* The open file behind a descriptor of a task; NULL when there is none. */
static __always_inline struct file *file_of_fd(struct task_struct *task, __u32 fd)
{
	struct fdtable *table = BPF_CORE_READ(task, files, fdt);
	struct file **files, *file;
	__u64 max_fd[2] = {};

	read_pair(max_fd, table, bpf_core_field_offset(struct fdtable, max_fds),
		  bpf_core_field_offset(struct fdtable, fd));
	if (fd >= (__u32)max_fd[0])
		return NULL;
	files = (struct file **)max_fd[1];
	return bpf_probe_read_kernel(&file, sizeof(file), files + fd) ? NULL : file;
}

/* SCTP_REUSE_PORT; of sockets of other protocols nothing may be read there. */
static __always_inline bool read_reuse_sctp(const struct sock *sk)
{
	const struct sctp_sock *sctp = (const void *)sk;

	if (!bpf_core_field_exists(sctp->reuse))
		return false;
	return BPF_CORE_READ_BITFIELD_PROBED(sctp, reuse);
}

/* A path, aligned to 2, is longer than a key's address: two different hashes of it stand for it. */
static __always_inline void hash_path(const char path[BT_PATH_LEN], __u64 to[2])
{
	const __u16 *at = (const void *)path;
	__u64 word;
	int i;

	/* three at once: fewer turns for the verifier */
	for (i = 0; i < BT_PATH_LEN / 2; i += 3) {
		word = (__u64)at[i + 2] << 32 | (__u64)at[i + 1] << 16 | at[i];
		to[0] = mix(to[0], word);
		to[1] = mix(to[1] + 1, word);
	}
}
_Static_assert(BT_PATH_LEN % 6 == 0, "hash_path() reads three halfwords at once");

/* The registers with which the task entered the kernel: the number of the system call, and its arguments. */
struct entry {
	__u64 nr, args[5];
};

/*
 * Before 5.15 there is no helper for task_pt_regs(): they are at the top of the stack. What it gives has a type, and
 * is read without another helper.
 */
static __always_inline void read_entry(struct entry *to)
{
	struct task_struct *task;
	struct pt_regs *regs;

	if (bpf_core_enum_value_exists(enum bpf_func_id, BPF_FUNC_task_pt_regs)) {
		regs = (void *)bpf_task_pt_regs(bpf_get_current_task_btf());
		to->nr = regs->REGS_NR;
		to->args[0] = regs->REGS_ARG0;
		to->args[1] = regs->REGS_ARG1;
		to->args[2] = regs->REGS_ARG2;
		to->args[3] = regs->REGS_ARG3;
		to->args[4] = regs->REGS_ARG4;
		return;
	}
	task = (void *)bpf_get_current_task();
	regs = (void *)BPF_CORE_READ(task, stack) + config.stack_bytes -
	       bpf_core_type_size(struct pt_regs);
	to->nr = BPF_CORE_READ(regs, REGS_NR);
	to->args[0] = BPF_CORE_READ(regs, REGS_ARG0);
	to->args[1] = BPF_CORE_READ(regs, REGS_ARG1);
	to->args[2] = BPF_CORE_READ(regs, REGS_ARG2);
	to->args[3] = BPF_CORE_READ(regs, REGS_ARG3);
	to->args[4] = BPF_CORE_READ(regs, REGS_ARG4);
}

/* The process of a task, as one that has the file open. */
static __always_inline void fill_sharer(struct bt_sharer *s, struct task_struct *task, __u32 fd)
{
	struct task_struct *leader = BPF_CORE_READ(task, group_leader);

	s->pid = BPF_CORE_READ(task, tgid);
	s->fd = fd;
	s->ppid = BPF_CORE_READ(task, real_parent, tgid);
	s->uid = BPF_CORE_READ(task, real_cred, uid.val);
	s->start_ns = BPF_CORE_READ(leader, start_boottime);
	bpf_core_read_str(s->comm, sizeof(s->comm), &leader->comm);
}

#endif /* BT_READ_BPF_H */
