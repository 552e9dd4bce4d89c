/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What the files of bpf/ share: who is wanted, what is counted, scratch space, and the one way out (emit).
 *
 * The heavy parts are global functions with one scalar argument, the number of a scratch slot: the
 * verifier then checks each of them once, on 5.10 as on 7.x, however often they are called.
 */
#ifndef BT_CORE_BPF_H
#define BT_CORE_BPF_H

#include "maps.bpf.h"

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

/* Does anybody want to know of calls that succeed, or may so now? */
static __always_inline bool asks_for_successes(void)
{
	return config.successes || following;
}

/* What a function of n arguments returned, as fexit has it behind them; one_more: it has one more on this kernel. */
static __always_inline int returned(const __u64 *ctx, int n, bool one_more)
{
	__u64 ret = ctx[n];

	/* the verifier wants constant places: clang must not choose between two of them first */
	asm volatile("" : "+r"(ret));
	if (one_more)
		ret = ctx[n + 1];
	return (int)ret;
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
