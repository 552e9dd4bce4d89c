// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The maps and the configuration: every other file of bpf/ refers to them. */
#include "maps.bpf.h"

struct works_map works SEC(".maps");
struct free_works_map
	free_works SEC(".maps"); /* numbers of the idle slots of works; user space fills it */
struct ring_map ring SEC(".maps");
struct deeds_map openers SEC(".maps");	   /* who made a socket listen, or had it at the start */
struct recent_map connectors SEC(".maps"); /* who made it connect */
struct recent_map closers SEC(".maps");	   /* who sent its first FIN, or answered the peer's */
struct cmdlines_map
	cmdlines SEC(".maps");	     /* by pid; a closer that exits has no command line left */
struct folds_map folds SEC(".maps"); /* refusals of one kind, counted instead of examined again */
struct ports_map ports SEC(".maps"); /* one bit a port; looked at when config.by_port */
struct cgroups_map cgroups SEC(".maps"); /* looked at when config.by_cgroup */
struct entered_map entered SEC(".maps"); /* under_way.bpf.h, and: */
struct calls_map calls SEC(".maps");
struct tree_map tree SEC(".maps"); /* looked at when config.by_tree */

struct file_walk_map file_walk SEC(".maps"); /* where list_files is */
struct told_map told SEC(".maps");
struct late_map late SEC(".maps");	   /* refusal.bpf.c */
struct attempts_map attempts SEC(".maps"); /* guarded.bpf.c: between two hooks of one call */
struct bound_map
	bound SEC(".maps"); /* guarded.bpf.c: what came after a refusal was not in its way */

const volatile struct bt_config config;

/*
 * Memory that user space maps instead of making bpf() calls: while such a call holds a map, a preemptible
 * kernel skips the programs of whoever preempts it.
 */
struct bt_counts counts[BT_MAX_CPUS];
struct bt_question question;	     /* answer.bpf.c */
bool wanted_untabled;		     /* which of the two list_files looks for: */
__u64 wanted_inodes[BT_WANTED];	     /* sockets by inode */
__u64 wanted_ports[BT_N_PORTS / 64]; /* sockets of SCTP and ping by port, a bit each */
/* When a port was refused last, on the boot clock; 0 is written by user space when nobody waits for it any more. */
__u64 followed_ports[BT_N_PORTS];
__u64 following; /* the last of them; 0: there is none */
struct bt_kept kept[BT_N_KEPT];
__u64 under_way
	[BT_N_UNDER_WAY]; /* under_way.bpf.h: the thread (pid_tgid) whose place it is; 0: nobody's */
__u8 looked_ports[BT_N_PORTS]; /* 1: the iterators of guarded_list.bpf.c tell of its sockets */

char _license[] SEC("license") = "Dual BSD/GPL";
