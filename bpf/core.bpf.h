/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What the files of bpf/ share: maps, configuration, scratch space, and the one way out (emit).
 *
 * The heavy parts are global functions with one scalar argument, the number of a scratch slot: the
 * verifier then checks each of them once, on 5.10 as on 7.x, however often they are called.
 */
#ifndef BT_CORE_BPF_H
#define BT_CORE_BPF_H

#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "abi.h"
#include "rule.h"

#define BT_RAW_LEN                                                                                 \
	320 /* covers struct inet_timewait_sock up to its timer on every kernel measured (248) */

/* What of a struct sock tells its kind, wherever that stands in it: up to 96 bytes (7.2). */
#define BT_NEAR_LEN 112

/* One refusal being examined. Lives in a slot that no other task can have at the same time. */
struct work {
	__u64 sk;	  /* struct sock that was refused */
	__u64 uaddr;	  /* its address argument, as the kernel copied it; 0: none (listen) */
	__u64 user_uaddr; /* 1: uaddr is in user memory */
	__u64 net;
	/* the walk's place: next bucket of the chain, next address bucket of it, next socket of that */
	__u64 tb, tb2, node;
	__u32 link;  /* where in a socket the list goes on: skc_bind_node, or skc_node for UDP */
	__u32 first; /* whom the kernel asks first (walk.bpf.c) */
	__u32 udp_mask, udp_at; /* the list of the port in its table */
	__u32 l3mdev;		/* TCP: the VRF of the new socket's device, 0: none */
	__u32 left;		/* how many steps the walk may go on, retries included */
	__u64 until_ns;		/* and how long, on the boot clock */
	__u64 raw[BT_RAW_LEN / 8];
	__u64 near[BT_NEAR_LEN / 8]; /* read_kind() */
	struct bt_sock seen;	     /* the holder being looked at */
	__u64 seen_sk;
	__u32 quota[4];
	__u32 failed; /* a node or bucket was not what it should be */
	__u32 blocks; /* the holder being looked at is in the way */
	__u32 place;  /* where describe() puts it */
	__s32 culprit;
	__u32 culprit_any;
	__u32 program_type; /* of a program of its control group, and where the next one stands */
	__u64 program;
	struct bt_record rec;
};

/* A call that has reached the protocol's bind, or listen: the socket as it was before (guarded.bpf.c). */
struct attempt {
	struct bt_sock sock;
	__u64 time_ns;
	__u32 netns, netns_cookie;
	__u16 sk_type;
	__u16 bound_port;
	__u16 unprivileged_start;
	__u16 port_low, port_high;
	__u16 operation; /* BT_OP_BIND, BT_OP_LISTEN */
	__u8 judgeable;	 /* all that the rule asks of the socket is known */
	__u8 pad[3];
};

/* A refused (or, with config.successes, any) call, as a hook sees it. */
struct call {
	__u64 sk; /* struct sock, or struct socket when is_socket; 0: the descriptor is no socket */
	__u64 uaddr; /* 0 for listen() */
	__u32 addr_len;
	__u16 operation;
	__u8 in_user; /* uaddr is in user memory */
	__u8 is_socket;
	__u8 who;     /* enum bt_who */
	__u8 light;   /* never about who is on a port: no walk is loaded with the program */
	__u8 is_list; /* uaddr is a list of addresses */
	__u8 pad[5];
};

/*
 * Maps are all defined in core.bpf.c: the linker of BPF objects (libbpf 1.1) loses track of maps that
 * several files define.
 */
struct works_map {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, BT_N_WORK);
	__type(key, __u32);
	__type(value, struct work);
};
struct free_works_map {
	__uint(type, BPF_MAP_TYPE_STACK);
	__uint(max_entries, BT_N_WORK);
	__uint(value_size, sizeof(__u32));
};
struct ring_map {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4 << 20);
};
struct deeds_map {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 65536);
	__type(key, __u64);
	__type(value, struct bt_deed);
};
struct recent_map {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, BT_N_RECENT);
	__type(key, __u32);
	__type(value, struct bt_recent);
};
struct cmdlines_map {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 8192);
	__type(key, __u32);
	__type(value, struct bt_cmdline);
};

struct folds_map {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 16384);
	__type(key, struct bt_fold_key);
	__type(value, struct bt_fold);
};
struct ports_map {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 65536 / 64);
	__type(key, __u32);
	__type(value, __u64);
};
struct cgroups_map {
	__uint(type, BPF_MAP_TYPE_CGROUP_ARRAY);
	__uint(max_entries, 1);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, sizeof(__u32));
};
/* Tasks whose refusal in this system call has been told by a hook deeper in the kernel. */
struct told_key {
	__u32 tid;
	__u32 operation;
};
struct told_map {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 4096);
	__type(key, struct told_key);
	__type(value, __u64);
};
/* Calls of the threads in under_way[]; user space makes it larger for the rung that needs it. */
struct entered_map {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct call);
};
/*
 * By thread: those who have no place of their own. Of one that exits after the kernel skipped the return of its last
 * call, the entry stays: the oldest of these make room, or in the end there would be none.
 */
struct calls_map {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 10240);
	__type(key, __u64);
	__type(value, struct call);
};
/* Process ids (thread groups); user space makes it larger when config.by_tree. */
struct tree_map {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u8);
};
/* When a socket was bound on a port that had been refused, or listened; by the address of its struct sock. */
struct late_map {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1024);
	__type(key, __u64);
	__type(value, __u64);
};
/* By thread; user space makes it larger for the rung that needs it. */
struct attempts_map {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1);
	__type(key, __u64);
	__type(value, struct attempt);
};
/* By cookie: when bind(2) was called that gave a socket its port; made larger as attempts is. */
struct bound_map {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1);
	__type(key, __u64);
	__type(value, __u64);
};
#define BT_FILE_ROWS 32

/* A walk of one table of files (sharers.bpf.c), and rows; there is one, because one reader asks at a time. */
struct file_walk {
	__u64 files;	/* struct file **, by number */
	__u64 open_fds; /* a bit for each number in use */
	__u32 max_fds, next_fd;
	__u64 task;	/* struct task_struct whose table it is */
	__u64 sk;	/* struct sock found last; 0: none */
	__u64 head, at; /* SCTP: a list, and the next in it */
	__u32 n_rows;
	__u32 written; /* bytes of rows, of this table */
	__u32 done;    /* it is at its end, or no more may be written */
	__u32 pad;
	struct bt_open open; /* what all addresses of the socket have in common */
	union {
		struct bt_sharer sharers[BT_FILE_ROWS];
		struct bt_open opens[BT_FILE_ROWS];
	};
};
struct file_walk_map {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct file_walk);
};
extern struct file_walk_map file_walk SEC(".maps");
extern struct works_map works SEC(".maps");
extern struct free_works_map free_works SEC(".maps");
extern struct ring_map ring SEC(".maps");
extern struct deeds_map openers SEC(".maps");
extern struct recent_map connectors SEC(".maps");
extern struct recent_map closers SEC(".maps");
extern struct bt_kept kept[BT_N_KEPT];
extern struct cmdlines_map cmdlines SEC(".maps");
extern struct folds_map folds SEC(".maps");
extern struct ports_map ports SEC(".maps");
extern struct cgroups_map cgroups SEC(".maps");
extern struct calls_map calls SEC(".maps");
extern struct entered_map entered SEC(".maps");
extern __u64 under_way[BT_N_UNDER_WAY];
extern struct tree_map tree SEC(".maps");
extern struct told_map told SEC(".maps");
extern struct late_map late SEC(".maps");
extern struct attempts_map attempts SEC(".maps");
extern struct bound_map bound SEC(".maps");
extern const volatile struct bt_config config;
extern struct bt_counts counts[BT_MAX_CPUS];
extern __u64 wanted_inodes[BT_WANTED];
extern __u64 wanted_ports[BT_N_PORTS / 64];
extern bool wanted_untabled;
extern struct bt_question question;
extern __u64 followed_ports[BT_N_PORTS];
extern __u64 following;
extern __u8 looked_ports[BT_N_PORTS];

/* Is it one of the inodes that user space asks for? */
static __always_inline bool is_wanted(__u64 inode)
{
	__u64 at = BT_WANTED_START(inode);
	int i;

	for (i = 0; i < BT_WANTED_PROBES; i++) {
		__u64 there = wanted_inodes[(at + i) & (BT_WANTED - 1)];

		if (!there || there == inode)
			return there;
	}
	return false;
}

/* Was the port refused to somebody, and has nobody got it since? */
static __always_inline bool is_followed(__u16 port)
{
	__u32 at = port;

	if (!following)
		return false;
	/* 5.10 loses a register's bounds in a byte swap, and clang drops a mask that it finds needless */
	asm volatile("" : "+r"(at));
	return followed_ports[at & (BT_N_PORTS - 1)] != 0;
}

/* Adds to one of enum bt_counter; atomic, because a preempted program may be in the middle of the same. */
static __always_inline void count(__u32 which)
{
	__u32 cpu = bpf_get_smp_processor_id() & (BT_MAX_CPUS - 1);

	__sync_fetch_and_add(&counts[cpu].n[which], 1);
}

/*
 * The key under which a socket's opener and closer are kept: its cookie, which its TIME_WAIT keeps too.
 * Before 5.12 tracing programs cannot make cookies; there a full socket is known by its address in memory
 * (forgotten when it closes) and a closing one by namespace and 4-tuple, which is all its mini-socket keeps.
 */
static __always_inline __u64 mix(__u64 h, __u64 v)
{
	h = (h ^ v) * 0x9e3779b97f4a7c15ull;
	return h ^ (h >> 29);
}

static __always_inline __u64 tuple_key(__u32 netns, const struct sock_common *c)
{
	__u64 h = mix(netns, ((__u64)c->skc_num << 32) | c->skc_dport);

	if (c->skc_family == AF_INET)
		return mix(h, ((__u64)c->skc_rcv_saddr << 32) | c->skc_daddr);
	h = mix(h, ((__u64)c->skc_v6_rcv_saddr.in6_u.u6_addr32[0] << 32) |
			   c->skc_v6_rcv_saddr.in6_u.u6_addr32[1]);
	h = mix(h, ((__u64)c->skc_v6_rcv_saddr.in6_u.u6_addr32[2] << 32) |
			   c->skc_v6_rcv_saddr.in6_u.u6_addr32[3]);
	h = mix(h, ((__u64)c->skc_v6_daddr.in6_u.u6_addr32[0] << 32) |
			   c->skc_v6_daddr.in6_u.u6_addr32[1]);
	return mix(h, ((__u64)c->skc_v6_daddr.in6_u.u6_addr32[2] << 32) |
			      c->skc_v6_daddr.in6_u.u6_addr32[3]);
}

/*
 * refusal.bpf.c: fills works[slot].rec about the asker and its socket. Needs work.sk, uaddr, user_uaddr and
 * rec.operation, error, addr_len, who; the rest of rec is zero. 1: it is to be sent.
 */
int bt_examine(__u32 slot);
/* refusal.bpf.c: sends works[slot].rec. */
int bt_emit(__u32 slot);
/* cgroup.bpf.c: fills rec's socket_cgroup and programs. Needs work.sk and rec.sock, error, operation. Always 0. */
int bt_read_programs(__u32 slot);
/* vrf.bpf.c: sets works[slot].l3mdev, which is 0. Needs work.net and rec.sock.ifindex, of a device. Always 0. */
int bt_find_vrf(__u32 slot);
/* walk.bpf.c: walks the port's bucket into works[slot].rec. */
int bt_walk(__u32 slot);
/* judge.bpf.c: sets works[slot].blocks, whether works[slot].seen is in the way, and adds it to the totals. Always 0. */
int bt_judge(__u32 slot);
/* describe.bpf.c: what is not in every socket's front, to works[slot].seen, which is no mini-socket. Always 0. */
int bt_identify(__u32 slot);
/* describe.bpf.c: writes works[slot].seen to its place among the holders. Always 0. */
int bt_describe(__u32 slot);

/*
 * From 6.15 on the kernel gives up on the lock of a map or a ring buffer that it does not get in a while (rqspinlock),
 * as when a hypervisor does not run the CPU that has it: then it is worth another try.
 */
enum { LOCK_TRIES = 4, BUSY = -16 };

/* A slot of works; false: there is none. */
static __always_inline bool take_work(__u32 *slot)
{
	long err = BUSY;

	for (int i = 0; i < LOCK_TRIES && err == BUSY; i++)
		err = bpf_map_pop_elem(&free_works, slot);
	if (err)
		count(BT_LOST_WORK);
	return !err;
}

/* One that is not given back is lost for good. */
static __always_inline void give_back(__u32 slot)
{
	long err = BUSY;

	for (int i = 0; i < LOCK_TRIES && err; i++)
		err = bpf_map_push_elem(&free_works, &slot, BPF_ANY);
}

#endif /* BT_CORE_BPF_H */
