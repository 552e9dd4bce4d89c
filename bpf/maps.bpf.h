/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Where things are kept: the maps, what is in them, and the memory that user space maps. */
#ifndef BT_MAPS_BPF_H
#define BT_MAPS_BPF_H

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
 * Maps are all defined in maps.bpf.c: the linker of BPF objects (libbpf 1.1) loses track of maps that
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

#endif /* BT_MAPS_BPF_H */
