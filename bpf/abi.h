/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The records the kernel side hands to user space, and nothing else.
 *
 * Every record starts with struct bt_hdr and grows at its end only. Types are fixed-width, padding is
 * explicit and zero. Ports are in host byte order; addresses are 16 bytes in network order, an IPv4
 * address in the first four with the rest zero. Times are CLOCK_BOOTTIME nanoseconds; a time that is
 * not known is 0.
 */
#ifndef BT_ABI_H
#define BT_ABI_H

#ifndef __VMLINUX_H__
#include <linux/types.h>
#endif

#define BT_ABI_VERSION 1

#define BT_COMM_LEN	     16 /* TASK_COMM_LEN */
#define BT_CMDLINE_LEN	     256 /* bytes of the asker's command line; arguments are separated by NUL */
#define BT_OWNER_CMDLINE_LEN 128
#define BT_MAX_HOLDERS	     17 /* quotas below, plus one place for a culprit beyond its quota */
#define BT_N_STATES	     13 /* TCP_ESTABLISHED (1) .. TCP_NEW_SYN_RECV (12) */

/* How many holders of a class one record describes; the totals count all of them. */
#define BT_QUOTA_BOUND	   6 /* blocking, LISTEN or bound without listening */
#define BT_QUOTA_CONNECTED 4 /* blocking, any other full socket */
#define BT_QUOTA_TIME_WAIT 4 /* blocking mini-sockets */
#define BT_QUOTA_OTHER	   2 /* on the port, not in the way */

enum bt_kind {
	BT_KIND_REFUSAL = 1, /* struct bt_record, error != 0 */
	BT_KIND_BOUND =
		2, /* struct bt_record, error == 0: sent only when successes are asked for */
	BT_KIND_FOLLOWED =
		3, /* the same, sent because the port was refused to somebody before (bt_config.follow) */
	BT_KIND_RELEASED = 4, /* struct bt_hdr: a socket on such a port is about to go */
};

/* The rung of the attach ladder, best first. */
enum bt_hook {
	BT_HOOK_FEXIT,
	BT_HOOK_KPROBE_MULTI,
	BT_HOOK_TRACEPOINT,
	BT_HOOK_ITERATOR, /* no kernel memory is read: holders are looked up afterwards */
	BT_N_HOOKS
};

#define BT_PATH_LEN 108 /* sun_path */

/* Where the call was when it was refused, as far as the hook that saw it can tell. */
enum bt_who {
	BT_WHO_UNKNOWN, /* seen behind the system call: anybody before the protocol may have said it */
	BT_WHO_PROTOCOL, /* the protocol's own bind, listen or connect */
	BT_WHO_LSM,	 /* security_socket_bind() */
	BT_WHO_BEFORE,	 /* neither was reached */
	BT_WHO_SECCOMP,	 /* nor the system call itself */
	BT_WHO_SKIPPED, /* neither was seen to be reached, and a preemptible kernel skips programs */
};

enum bt_operation {
	BT_OP_BIND = 1,
	BT_OP_LISTEN = 2,
	BT_OP_CONNECT = 3, /* no local port left, or the 4-tuple is taken */
	BT_OP_AUTOBIND =
		4, /* connect() or sendto() of an unbound socket, not of TCP: no port left */
};

struct bt_hdr {
	__u16 kind;
	__u16 version;
	__u32 len; /* of the whole record, header included */
	__u64 boottime_ns;
	__u64 seq;
};

enum bt_sock_flags {
	BT_SOCK_GROUPED = 1 << 0,    /* already in a live SO_REUSEPORT group (sk_reuseport_cb) */
	BT_SOCK_NO_SOCKET = 1 << 1,  /* sk_socket is NULL: orphan, or not accepted yet */
	BT_SOCK_BOUND_ADDR = 1 << 2, /* SOCK_BINDADDR_LOCK: bind() named the address */
	BT_SOCK_BOUND_PORT = 1 << 3, /* SOCK_BINDPORT_LOCK: bind() named the port */
	BT_SOCK_FREEBIND = 1 << 4,
	BT_SOCK_TRANSPARENT = 1 << 5,
	BT_SOCK_MINI = 1 << 6,	  /* a TIME_WAIT mini-socket: has no uid, inode or process */
	BT_SOCK_CULPRIT = 1 << 7, /* the holder on which the kernel's walk stops */
};

/* One socket, as the port table shows it. */
struct bt_sock {
	__u64 cookie; /* sk_cookie, the same as `ss -e` prints; 0: the kernel has not made one */
	__u64 inode;  /* of the socket's file; 0: none */
	__u64 sk;     /* kernel address: tells sockets of one record apart, is never shown */
	__u8 addr[16];
	__u8 peer[16];
	__u16 port;
	__u16 peer_port;
	__u16 family;	/* AF_INET, AF_INET6 */
	__u16 protocol; /* IPPROTO_* */
	__u32 uid;	/* the one the kernel's SO_REUSEPORT rule compares */
	__u32 ifindex;	/* sk_bound_dev_if; 0: any device */
	__u8 state;	/* TCP_*, 6 for every mini-socket */
	__u8 substate;	/* mini-socket: 6 TIME_WAIT, 5 FIN_WAIT2 (the peer has not closed) */
	__u8 reuse;	/* SO_REUSEADDR; 2 is TCP_REPAIR's forced reuse */
	__u8 reuseport;
	__u8 v6only;
	__u8 flags;	     /* enum bt_sock_flags */
	__u8 reuse_sctp;     /* SCTP_REUSE_PORT, which counts as SO_REUSEADDR does */
	__u8 kernel;	     /* the kernel's own: it has no file, so no process can have it open */
	__s64 timer_left_ns; /* mini-socket: what `ss -o` prints; may be negative */
	__s64 frees_in_ns;   /* mini-socket: until the timer wheel really fires */
};
_Static_assert(sizeof(struct bt_sock) == 96, "struct bt_sock is part of the ABI");

/* A process, as it was when it touched a socket. pid is the thread group id in the initial namespace. */
struct bt_owner {
	__u32 pid; /* 0: not known */
	__u32 uid;
	__u64 start_ns; /* when the process started: with pid it names one process for ever */
	__u64 time_ns;	/* when it did it; 0: before tracing began */
	char comm[BT_COMM_LEN];
	__u16 cmdline_len;
	__u16 pad[3];
	char cmdline[BT_OWNER_CMDLINE_LEN];
};
_Static_assert(sizeof(struct bt_owner) == 176, "struct bt_owner is part of the ABI");

struct bt_holder {
	struct bt_sock sock;
	struct bt_owner opener; /* who made it listen or connect */
	struct bt_owner closer; /* who sent the first FIN, or the last close */
};

#define BT_MAX_PROGRAMS 4

/* A BPF program of a control group that the call asked. */
struct bt_program {
	__u32 id;
	__u16 type; /* enum bpf_attach_type */
	__u16 pad;
	char name[16];
};

/* Every socket on the port was counted, also those that have no place in holders[]. */
struct bt_totals {
	__u32 total;
	__u32 blocking;
	__u32 blocking_lasting; /* of those: they end only when somebody acts */
	__u32 state[BT_N_STATES];
	/* of the blocking: how many would still block if the new socket set this as well */
	__u32 still_reuseaddr;
	__u32 still_reuseport;
	__u32 still_v6only;
	__u32 blocking_wildcard; /* of the blocking: those on a wildcard address */
	__s64 last_free_ns;	 /* the latest frees_in_ns of a blocking mini-socket */
	__u32 fin_wait2; /* blocking mini-sockets whose peer has not closed: their end may move */
	__u32 pad;
};

enum bt_walk_flags {
	BT_WALK_DONE = 1 << 0,	    /* a walk was made and came to its end */
	BT_WALK_TRUNCATED = 1 << 1, /* it met its bound: the totals say "at least" */
	BT_WALK_STALE = 1 << 2,	    /* the bucket changed under it and every retry */
	BT_WALK_LATE = 1 << 3,	    /* no walk: user space looks the holders up, a moment later */
};

/* What differs between kernels in the rule itself (bpf/rule.h); part of the record, so that a replay judges alike. */
enum bt_rule_flags {
	BT_RULE_BHASH2 =
		1 << 0, /* >= 6.1: a specific address meets only its own and the wildcard buckets */
	BT_RULE_MAPPED_BLIND = 1 << 1, /* 6.1: ::ffff:a.b.c.d does not meet ::ffff:0.0.0.0 */
	BT_RULE_SCTP_DEVICE = 1 << 2,  /* >= 6.2: SCTP sockets on two devices do not meet */
	BT_RULE_TUPLE =
		1 << 3, /* connect() from a bound port: a connection to that peer is in the way */
};

struct bt_task {
	__u32 pid, tid, ppid, uid;
	__u64 start_ns;
	__u64 parent_start_ns;
	__u64 cgroup_id;
	__u32 netns;	    /* inode number of the socket's network namespace */
	__u32 netns_cookie; /* low half of its cookie: a number like that is given again; 0: not known */
	char comm[BT_COMM_LEN];
	char parent_comm[BT_COMM_LEN];
};

/* Refusals of one asker at one endpoint, folded in the kernel. */
struct bt_fold_key {
	__u32 pid;
	__u32 netns;
	__u8 addr[16];
	__u16 port; /* raw: the IP protocol */
	__u16 protocol;
	__u16 error;
	__u16 operation;
	__u32 uid;
	__u32 ifindex;
	__u8 family;
	__u8 reuse;
	__u8 reuseport;
	__u8 v6only;
	__u32 netns_cookie;
};

/* A refusal (or, when asked for, a success) with everything that was on the port at that instant. */
struct bt_record {
	struct bt_hdr hdr;
	__u16 operation; /* enum bt_operation */
	__u16 error;	 /* errno, positive; 0 for BT_KIND_BOUND */
	__u16 walk;	 /* enum bt_walk_flags */
	__u16 rule;	 /* enum bt_rule_flags */
	__u64 nth;	 /* of this asker, endpoint and errno: 1 is the first */
	__u64 first_ns;	 /* when that was */
	struct bt_task task;
	struct bt_sock sock; /* addr, port and family are what was asked for */
	struct bt_totals totals;
	__u16 addr_len;	 /* as given to bind() */
	__u16 sa_family; /* as given to bind() */
	__u16 n_holders;
	__u16 cmdline_len;
	__u16 bound_port; /* the port the socket had already (double bind); raw: its IP protocol */
	__u16 unprivileged_start; /* net.ipv4.ip_unprivileged_port_start of its namespace */
	__u8 hook;		  /* enum bt_hook: how this was seen */
	__s8 fastreuse; /* of the port's bucket; -1: only connect() has ever taken a port of it */
	__u16 path_len; /* AF_UNIX: bytes of the name; it is abstract when the first is NUL */
	__u8 who;	/* enum bt_who: which gate of the kernel said no */
	__u8 seccomp;	/* the task runs under a seccomp filter */
	__u16 port_low; /* out of which the kernel chooses: net.ipv4.ip_local_port_range of its namespace */
	__u16 port_high;
	__u16 sk_type;	/* SOCK_STREAM ... */
	__u16 narrowed; /* ... narrowed by its own IP_LOCAL_PORT_RANGE */
	char cmdline[BT_CMDLINE_LEN];
	char path[BT_PATH_LEN];
	__u32 mntns; /* AF_UNIX: what the path was looked up in, for when the asker is gone */
	__u32 root_device;
	__u8 uring; /* the call came through io_uring; 0: it did not, or that cannot be told */
	__u8 programs_read; /* programs[] is all there is, but for what has no place in it */
	__u8 rewritten; /* a program has changed the address: sock has what came of it, asked_* what was asked for */
	__u8 pad;
	__u16 more_len;	  /* sctp_bindx(): bytes of the addresses after the one in sock */
	__u16 n_programs; /* may be more than programs[] has room for */
	__u16 asked_port;
	__u16 more_pad[3];
	__u8 asked_addr[16];
	__u64 root_inode;
	__u64 socket_cgroup; /* id of the control group in which the socket was made; 0: not known */
	struct bt_program
		programs[BT_MAX_PROGRAMS]; /* in force for it, those of the groups above included */
	struct bt_fold_key kind;	   /* refusals with an equal one are counted together */
	struct bt_holder holders[BT_MAX_HOLDERS];
};

_Static_assert(__builtin_offsetof(struct bt_record, path) % 2 == 0, "hash_path() reads halfwords");
_Static_assert(__builtin_offsetof(struct bt_record, asked_addr) % 4 == 0,
	       "copy_words() writes words");

/* How often one kind was refused. */
struct bt_fold {
	__u64 count; /* refusals so far, printed or not */
	__u64 first_ns;
	__u64 looked_ns; /* when one was last examined and sent */
};

/* What user space looks up, and what it is told (answer.bpf.c). */
struct bt_question {
	struct bt_fold_key kind;
	__u64 sk;
};
struct bt_answer {
	__u64 count;	/* of the kind; 0: not known any more */
	__u64 bound_ns; /* when the socket at sk was bound (late); 0: not since */
};

/* Per-CPU counters. seen = sent + folded + lost_ring, exactly; lost_work and lost_args come before seen. */
enum bt_counter {
	BT_SEEN,	/* refusals that passed the filters */
	BT_SENT,	/* handed to the ring buffer */
	BT_FOLDED,	/* counted with an earlier one of the same kind, not examined */
	BT_LOST_RING,	/* the ring buffer was full */
	BT_LOST_WORK,	/* no scratch space: more refusals at one instant than BT_N_WORK */
	BT_LOST_RETURN, /* kprobe.multi: the return of an entry that was seen was not */
	BT_LOST_ARGS, /* kprobe.multi: the entry could not be remembered, so the outcome is not known */
	BT_LOST_TREE,	   /* processes that could not be followed: more than BT_N_TREE at once */
	BT_N_COUNTERS = 8, /* a cache line */
};

#define BT_MAX_CPUS 1024 /* power of two; CPUs beyond share the counters of others */

struct bt_counts {
	__u64 n[BT_N_COUNTERS];
};

/*
 * The inodes that the walk of open files looks for, of sockets and of files that UNIX sockets are bound to: a
 * hash table with open addressing, 0 is an empty place.
 * It is filled by user space, never beyond half, between two runs of the iterator.
 */
#define BT_WANTED	       4096
#define BT_WANTED_PROBES       32
#define BT_WANTED_START(inode) (((inode)*0x9e3779b97f4a7c15ull) >> 52)

#define BT_N_PORTS 65536
#define BT_N_TREE  16384 /* processes followed at the same time */

#define BT_N_UNDER_WAY 4096 /* power of two: places of threads in a call */

#define BT_N_WORK 64 /* refusals examined at the same instant */

/* Called where bpf_cast_to_kern_ctx() is meant: user space puts that in its place (user/source/typed.c). */
#define BT_CAST_TO_KERNEL_CONTEXT 0x7fff0000
/* The same for bpf_rdonly_cast(), and for its second argument where it is to make a struct task_struct. */
#define BT_CAST_READ_ONLY 0x7fff0001
#define BT_TYPE_OF_TASK	  0x7fff0002

/* What user space chooses before loading; constant afterwards. */
struct bt_config {
	__u64 fold_ns; /* an equal refusal within this time of an examined one is only counted; 0: examine all */
	__u64 tick_ns;	    /* of one jiffy */
	__u32 rule;	    /* enum bt_rule_flags */
	__u8 successes;	    /* send BT_KIND_BOUND too */
	__u8 arg_is_socket; /* the bind hook's first argument is a struct socket, not a struct sock */
	__u8 listen_args;   /* arguments of inet_csk_listen_start: 2 before 5.17 or so, then 1 */
	__u8 has_cookie;    /* bpf_get_socket_cookie works in tracing programs (5.12) */
	/* filters: 0 entries let everything pass */
	__u32 n_pids, n_uids, n_errors, n_comms, n_netns;
	__u8 by_port;	/* look the port up in the ports map */
	__u8 by_cgroup; /* ask bpf_current_task_under_cgroup */
	__u8 hook;	/* enum bt_hook, copied into every record */
	__u8 by_tree; /* only processes in the tree map: one that user space put there, and its descendants */
	__u8 has_kernel_context; /* bpf_cast_to_kern_ctx (6.2) */
	__u8 preemptible;	 /* the kernel may skip programs */
	__u8 follow; /* after a refusal send BT_KIND_FOLLOWED for its port until user space says enough */
	__u8 seccomp_args; /* arguments of __secure_computing: 1 before 6.16, then 0 */
	__u8 deeds_by_call; /* openers and closers are seen by hooks of their own, not by the change of state */
	__u8 binds_by_fexit; /* kprobe.multi: what is bound is told of by fexit, but for what it is skipped for */
	__u8 pad[2];
	__u32 stack_bytes; /* that a task has in the kernel */
	__u32 pids[16];
	__u32 uids[16];
	__u32 errors[16];
	__u32 netns[16];
	__u32 netns_cookies[16]; /* of each, as in struct bt_task */
	char comms[8][BT_COMM_LEN];
};

/* Who did something to a socket, before its command line is joined to it. */
struct bt_deed {
	__u32 pid;
	__u32 uid;
	__u64 start_ns;
	__u64 time_ns;
	char comm[BT_COMM_LEN];
};

/*
 * A deed in its place by the socket's key, which is the next free one as long as keys are cookies: they are given
 * one after the other. Two tasks may write to one place at the same time: then the check does not fit.
 */
struct bt_recent {
	__u64 key; /* 0: nothing is here */
	__u64 check;
	struct bt_deed deed;
};
_Static_assert(sizeof(struct bt_recent) == 56, "struct bt_recent is part of the ABI");

#define BT_N_RECENT	  65536 /* power of two */
#define BT_RECENT_AT(key) (((key) ^ (key) >> 16 ^ (key) >> 32) & (BT_N_RECENT - 1))

static inline __attribute__((always_inline)) __u64 bt_recent_check(__u64 key,
								   const struct bt_deed *deed)
{
	__u64 comm[2];

	__builtin_memcpy(comm, deed->comm, sizeof(comm));
	return (key ^ deed->start_ns) + (deed->time_ns ^ comm[0]) * 3 +
	       (((__u64)deed->pid << 32 | deed->uid) ^ comm[1]) * 5;
}

struct bt_cmdline {
	__u64 start_ns;
	__u64 len;
	char text[BT_OWNER_CMDLINE_LEN];
};

/* When the command line of a process was last known to be in its map; by the end of its pid, in the kernel only. */
struct bt_kept {
	__u64 start_ns;
	__u64 time_ns;
};
#define BT_N_KEPT 1024

/* What a walk of open files writes: one process that has a socket open. */
struct bt_sharer {
	__u64 inode;
	__u64 sk; /* 0: not known */
	__u64 start_ns;
	__u32 pid;
	__u32 fd;
	__u32 ppid;
	__u32 uid;
	char comm[BT_COMM_LEN];
	/* a UNIX socket: the file it is bound to, 0: none; device is the kernel's, major << 20 | minor */
	__u64 file_inode;
	__u32 file_device;
	__u16 type;	    /* SOCK_STREAM ... */
	__u8 family;	    /* AF_UNIX */
	__u8 state;	    /* TCP_LISTEN, TCP_CLOSE, TCP_ESTABLISHED */
	__u64 name_hash[2]; /* of its name, as bt_fold_key.addr has that of the name asked for */
	__u32 netns;
	__u32 pad;
};

#define BT_MAX_ADDRESSES 16 /* of one SCTP socket, a struct bt_open for each */
#define BT_MAX_ON_PORT	 256

/* What the iterators of ports.bpf.c write: an open socket of a process, or one that no process has. */
struct bt_open {
	struct bt_sock sock;
	__u32 netns;
	__u32 pid; /* 0: seen in a table of the kernel, not in a process */
	__u32 fd;
	__u32 ppid;
	__u64 start_ns; /* of the process; of a mini-socket, which has none, when it was looked at */
	__u32 uid;	/* of the process */
	__u16 on_port;	/* SCTP: sockets that have this port, open or not; at most BT_MAX_ON_PORT */
	__u16 pad;
	char comm[BT_COMM_LEN];
};
_Static_assert(sizeof(struct bt_open) == 144, "struct bt_open is part of the ABI");

/* What the iterators of guarded_list.bpf.c write: a socket on a port that somebody was refused. */
struct bt_found {
	struct bt_sock sock;
	__u64 opener_key; /* in the maps of deeds; 0: none */
	__u64 closer_key;
	__u32 netns;
	__u32 l3mdev;	/* of its bucket: of sockets in a VRF it is not 0 */
	__s8 fastreuse; /* of its bucket */
	__u8 pad[7];
};
_Static_assert(sizeof(struct bt_found) == 128, "struct bt_found is part of the ABI");

#endif /* BT_ABI_H */
