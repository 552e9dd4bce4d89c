/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The kernel types and fields that bpf/ reads, and no others: hand-kept, relocated at load time
 * (preserve_access_index), so offsets and sizes here are free to be wrong but names and kinds are not.
 * A type named x___y is a flavor of x for kernels where the field was different; each says which.
 */
#ifndef __VMLINUX_H__
#define __VMLINUX_H__

typedef unsigned char __u8;
typedef signed char __s8;
typedef signed short __s16;
typedef unsigned short __u16;
typedef signed int __s32;
typedef unsigned int __u32;
typedef signed long long __s64;
typedef unsigned long long __u64;
typedef __u8 u8;
typedef __u16 u16;
typedef __u32 u32;
typedef __u64 u64;
typedef __s64 s64;
typedef __u16 __be16;
typedef __u32 __be32;
typedef __u64 __be64;
typedef __u32 __wsum;
typedef _Bool bool;
#define true 1
#define false 0

#define AF_UNIX		1
#define AF_INET		2
#define AF_INET6	10
#define IPPROTO_TCP	6
#define IPPROTO_MPTCP	262
#define IPPROTO_UDP	17
#define IPPROTO_UDPLITE 136
#define SOCK_RAW	3

/* BPF's own interface (include/uapi/linux/bpf.h): used by every file of bpf/. */
enum bpf_map_type {
	BPF_MAP_TYPE_HASH = 1,
	BPF_MAP_TYPE_ARRAY = 2,
	BPF_MAP_TYPE_PERCPU_ARRAY = 6,
	BPF_MAP_TYPE_CGROUP_ARRAY = 8,
	BPF_MAP_TYPE_LRU_HASH = 9,
	BPF_MAP_TYPE_STACK = 23,
	BPF_MAP_TYPE_RINGBUF = 27,
};
enum { BPF_ANY = 0, BPF_NOEXIST = 1, BPF_EXIST = 2 };
/* Asked for with bpf_core_enum_value_exists(): does this kernel have the helper? */
enum bpf_func_id {
	BPF_FUNC_get_current_task_btf = 158, /* 5.11 */
	BPF_FUNC_sock_from_file = 162,	     /* 5.11 */
	BPF_FUNC_task_pt_regs = 175,	     /* 5.15 */
};

/* The context of a cgroup/bind program: the verifier's own layout, the same on every kernel (guarded.bpf.c). */
struct bpf_sock {
	__u32 bound_dev_if;
	__u32 family;
	__u32 type;
	__u32 protocol;
};
struct bpf_sock_addr {
	__u32 user_family;
	__u32 user_ip4;
	__u32 user_ip6[4];
	__u32 user_port;
	__u32 family;
	__u32 type;
	__u32 protocol;
	__u32 msg_src_ip4;
	__u32 msg_src_ip6[4];
	__u32 pad;
	struct bpf_sock *sk;
};

/* Where programs are attached to a control group. */
enum bpf_attach_type {
	BPF_CGROUP_INET4_BIND = 8,
	BPF_CGROUP_INET6_BIND = 9,
	BPF_CGROUP_INET4_CONNECT = 10,
	BPF_CGROUP_INET6_CONNECT = 11,
	BPF_CGROUP_INET4_POST_BIND = 12,
	BPF_CGROUP_INET6_POST_BIND = 13,
};
/* 5.15: the kernel's own index for the same; the values here are free to be wrong. */
enum cgroup_bpf_attach_type {
	CGROUP_INET4_BIND,
	CGROUP_INET6_BIND,
	CGROUP_INET4_CONNECT,
	CGROUP_INET6_CONNECT,
	CGROUP_INET4_POST_BIND,
	CGROUP_INET6_POST_BIND,
};

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct hlist_node {
	struct hlist_node *next;
};
struct hlist_head {
	struct hlist_node *first;
};
struct list_head {
	struct list_head *next;
};
struct in6_addr {
	union {
		__u8 u6_addr8[16];
		__be32 u6_addr32[4];
	} in6_u;
};
typedef struct {
	__s64 counter;
} atomic64_t;
typedef struct {
	__u32 val;
} kuid_t;

/* Tasks: who asks, who closes (task.bpf.h, owners.bpf.c). */
struct ns_common {
	unsigned int inum;
};
struct mm_struct {
	unsigned long arg_start;
	unsigned long arg_end;
};
struct file;
struct fdtable {
	unsigned int max_fds;
	struct file **fd;
	unsigned long *open_fds;
};
struct files_struct {
	struct fdtable *fdt;
};
struct net;
struct mnt_namespace {
	struct ns_common ns;
};
struct nsproxy {
	struct mnt_namespace *mnt_ns;
	struct net *net_ns;
};
/* Files by name: which root a path begins at, which file a UNIX socket is bound to (refusal, owners). */
struct inode;
struct dentry {
	struct inode *d_inode;
};
struct path {
	struct dentry *dentry;
};
struct fs_struct {
	struct path root;
};
struct user_namespace {
	int level; /* owners.bpf.c */
};
struct cred {
	kuid_t uid;
	struct user_namespace *user_ns; /* owners.bpf.c */
};
typedef struct {
	int counter;
} atomic_t;
struct signal_struct {
	atomic_t live; /* threads that have not exited (follow.bpf.c) */
};
struct seccomp {
	int mode;
};
struct thread_info { /* before.bpf.c */
	unsigned long flags;
	__u32 status; /* of x86 only */
};
struct task_struct {
	struct thread_info thread_info;
	unsigned int flags; /* refusal.bpf.c */
	struct signal_struct *signal;
	struct seccomp seccomp; /* refusal.bpf.c */
	int pid;
	int tgid;
	struct task_struct *real_parent;
	struct task_struct *group_leader;
	struct mm_struct *mm;
	struct files_struct *files;
	struct fs_struct *fs;
	struct nsproxy *nsproxy;
	const struct cred *real_cred;
	const struct cred *cred; /* owners.bpf.c */
	__u64 start_boottime;
	char comm[16];
	void *stack;
};
#ifdef __TARGET_ARCH_arm64
struct pt_regs {
	u64 regs[31];
	u64 orig_x0;
	int syscallno;
};
/* What programs at a kprobe are given of them. */
struct user_pt_regs {
	u64 regs[31];
};
#else
struct pt_regs {
	unsigned long di;
	unsigned long si;
	unsigned long dx;
	unsigned long ax;
	unsigned long orig_ax;
	unsigned long r8; /* sys_exit_setsockopt: a length, an address */
	unsigned long r10;
};
#endif

/* Files and sockets: from a file descriptor to its struct sock (tracepoint.bpf.c, owners.bpf.c). */
struct super_block {
	__u32 s_dev;
};
struct inode {
	unsigned short i_mode;
	kuid_t i_uid;
	struct super_block *i_sb;
	unsigned long i_ino;
};
struct file {
	void *private_data;
	struct inode *f_inode;
};
struct sock;
struct socket {
	struct file *file;
	struct sock *sk;
};
struct socket_alloc {
	struct socket socket;
	struct inode vfs_inode;
};

/* Network namespace and its port table (walk.bpf.c). */
struct timer_list {
	unsigned long expires;
	u32 flags;
};
struct inet_bind_hashbucket {
	struct hlist_head chain;
};
struct inet_hashinfo {
	struct inet_bind_hashbucket *bhash;
	unsigned int bhash_size;
};
struct inet_timewait_death_row {
	struct inet_hashinfo *hashinfo;
};
struct udp_hslot {
	struct hlist_head head;
	int count;
};
struct udp_table {
	struct udp_hslot *hash;
	unsigned int mask;
};
struct local_ports {
	__u32 range; /* high << 16 | low, since 6.8 or so */
};
struct local_ports___pair {
	int range[2];
};
struct netns_ipv4 {
	unsigned char sysctl_tcp_l3mdev_accept; /* vrf.bpf.c; an int before 5.14 or so */
	struct local_ports ip_local_ports;
	struct udp_table *udp_table; /* 6.2 */
	struct inet_timewait_death_row tcp_death_row;
	int sysctl_ip_prot_sock;
};
struct net {
	struct ns_common ns;
	struct hlist_head *dev_index_head; /* vrf.bpf.c */
	u32 hash_mix;
	u64 net_cookie; /* refusal.bpf.c; since 5.12: before it is of another type, and 0 until somebody asks for it */
	struct netns_ipv4 ipv4;
};
/* Devices (vrf.bpf.c). */
struct net_device {
	unsigned int priv_flags; /* a bit field since 6.10 or so */
	int ifindex;
	struct hlist_node index_hlist;
	struct {
		struct list_head upper;
	} adj_list;
};
struct netdev_adjacent {
	struct net_device *dev;
	bool master;
	struct list_head list;
};
/* Asked for by name: their values have changed. */
enum netdev_priv_flags {
	IFF_L3MDEV_MASTER = 1 << 18,
	IFF_L3MDEV_SLAVE = 1 << 21,
};
typedef struct {
	struct net *net;
} possible_net_t;
struct inet_bind_bucket {
	possible_net_t ib_net;
	int l3mdev;
	unsigned short port;
	signed char fastreuse;
	struct hlist_node node;
	struct hlist_head bhash2;
};
/* Before 6.8 the sockets hang on the bucket itself. */
struct inet_bind_bucket___owners {
	struct hlist_head owners;
};
struct inet_bind2_bucket {
	struct hlist_node bhash_node;
	struct hlist_head owners;
};

/* Before 6.2 the table of UDP hangs on the protocol; UDP-Lite's did until it was removed (7.2). */
struct proto {
	union {
		struct udp_table *udp_table;
	} h;
};

/* The control group whose BPF programs are asked: the one in which the socket was made (cgroup.bpf.h). */
struct kernfs_node {
	u64 id;
};
struct bpf_prog_aux {
	u32 id;
	char name[16];
};
struct bpf_prog {
	struct bpf_prog_aux *aux;
};
struct bpf_prog_array_item {
	struct bpf_prog *prog;
};
struct bpf_prog_array {
	struct bpf_prog_array_item items[0];
};
struct cgroup_bpf {
	struct bpf_prog_array *effective[38];
};
struct cgroup {
	struct kernfs_node *kn;
	struct cgroup_bpf bpf; /* CONFIG_CGROUP_BPF */
};
struct sock_cgroup_data {
	struct cgroup *cgroup;
};
/* Before 5.15: the pointer, or with one of the low bits set something of cgroup v1. */
struct sock_cgroup_data___val {
	u64 val;
};

/* One socket (node.bpf.h, refusal.bpf.c). */
struct sock_common {
	__be32 skc_daddr;
	__be32 skc_rcv_saddr;
	__be16 skc_dport;
	__u16 skc_num;
	unsigned short skc_family;
	volatile unsigned char skc_state;
	unsigned char skc_reuse : 4;
	unsigned char skc_reuseport : 1;
	unsigned char skc_ipv6only : 1;
	int skc_bound_dev_if;
	struct hlist_node skc_bind_node;
	struct proto *skc_prot;
	possible_net_t skc_net;
	struct in6_addr skc_v6_daddr;
	struct in6_addr skc_v6_rcv_saddr;
	atomic64_t skc_cookie;
	struct hlist_node skc_node; /* the port's list, for UDP */
};
struct sock_reuseport {
	u16 num_closed_socks; /* 5.14 */
};
struct sock {
	struct sock_common __sk_common;
	u16 sk_type;
	u16 sk_protocol;
	unsigned char
		sk_userlocks : 4; /* a whole byte from 6.8 or so: read as a bitfield, right in both */
	unsigned char sk_kern_sock : 1; /* is_of_kernel() */
	kuid_t sk_uid;
	struct socket *sk_socket;
	struct sock_reuseport *sk_reuseport_cb;
	struct sock_cgroup_data sk_cgrp_data;
};
/* 6.18: the socket keeps its inode number, and with it the rule compares sk_uid, not the inode's. */
struct sock___ino {
	unsigned long sk_ino;
};
struct sockaddr_un {
	unsigned short sun_family;
	char sun_path[108];
};
struct unix_address {
	int len; /* of name, its family included */
	struct sockaddr_un name[0];
};
struct unix_sock {
	struct unix_address *addr;
	struct path path; /* empty for an abstract name */
};
struct tcp_sock {
	bool is_mptcp; /* CONFIG_MPTCP (5.6) */
};
struct mptcp_sock {
	struct sock *first;
};
/* From a subflow to the socket of its connection (read.bpf.h). */
struct inet_connection_sock {
	void *icsk_ulp_data;
	struct inet_bind_bucket *icsk_bind_hash; /* guarded_list.bpf.c */
};
struct mptcp_subflow_context {
	struct sock *conn;
};
struct inet_sock {
	unsigned long inet_flags; /* 6.6 */
	__be16 inet_sport;	  /* follow.bpf.c */
	u32 local_port_range;	  /* IP_LOCAL_PORT_RANGE: high << 16 | low, since 6.8 or so */
};
struct inet_sock___pair {
	struct {
		u16 lo;
		u16 hi;
	} local_port_range;
};
/* SCTP, whose types are in vmlinux's BTF also where it is a module (read.bpf.h, ports.bpf.c). */
struct sctp_bind_addr {
	struct list_head address_list; /* of struct sctp_sockaddr_entry, whose type is not */
};
struct sctp_ep_common {
	struct sctp_bind_addr bind_addr;
};
struct sctp_endpoint {
	struct sctp_ep_common base;
};
struct sctp_bind_bucket {
	struct hlist_head owner;
};
struct sctp_sock {
	struct sctp_endpoint *ep;
	struct sctp_bind_bucket *bind_hash;
	__u32 reuse : 1; /* SCTP_REUSE_PORT */
};
/* Before 6.6 */
struct inet_sock___bits {
	unsigned char freebind : 1;
	unsigned char transparent : 1;
};
struct inet_timewait_sock {
	struct sock_common __tw_common;
	unsigned char tw_substate;
	struct timer_list tw_timer;
	struct inet_bind_bucket *tw_tb; /* guarded_list.bpf.c */
};
struct tcp_timewait_sock {
	struct inet_timewait_sock tw_sk;
};
/* What a program under a cgroup hook is really given (guarded.bpf.c). */
struct bpf_sock_addr_kern {
	struct sock *sk;
};

/* The iterator over all open files (owners.bpf.c). */
struct seq_file;
struct bpf_iter_meta {
	struct seq_file *seq;
};
struct bpf_iter__task {
	struct bpf_iter_meta *meta;
	struct task_struct *task;
};
struct bpf_iter__task_file {
	struct bpf_iter_meta *meta;
	struct task_struct *task;
	u32 fd;
	struct file *file;
};

/* Over the elements of a map (answer.bpf.c). */
struct bpf_map;
struct bpf_iter__bpf_map_elem {
	struct bpf_iter_meta *meta;
	struct bpf_map *map;
	void *key;
	void *value;
};

/* The iterators over the tables of a network namespace (ports.bpf.c). */
struct udp_sock;
struct bpf_iter__tcp {
	struct bpf_iter_meta *meta;
	struct sock_common *sk_common;
};
struct bpf_iter__udp {
	struct bpf_iter_meta *meta;
	struct udp_sock *udp_sk;
};

#pragma clang attribute pop

#endif /* __VMLINUX_H__ */
