/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Calls between their entry and their return, on the rung that sees both (kprobe.multi). Each thread has a place of its
 * own, most of the time: to write there is a tenth of what a map with keys costs, and each bind() pays for it. Threads
 * whose place is taken share such a map.
 */
#ifndef BT_UNDER_WAY_BPF_H
#define BT_UNDER_WAY_BPF_H

#include "core.bpf.h"

/* Whose the thread's place is. */
static __always_inline __u64 *owner_of(__u64 thread)
{
	return &under_way[thread & (BT_N_UNDER_WAY - 1)];
}

/* What is there. */
static __always_inline struct call *place_of(__u64 thread)
{
	__u32 place = thread & (BT_N_UNDER_WAY - 1);

	return bpf_map_lookup_elem(&entered, &place);
}

/* The call of the current thread that has not returned; NULL: none. */
static __always_inline struct call *call_under_way(void)
{
	__u64 thread = bpf_get_current_pid_tgid();

	return *owner_of(thread) == thread ? place_of(thread)
					   : bpf_map_lookup_elem(&calls, &thread);
}

/*
 * The thread has a call under way already: tcp_v6_connect() leaves a mapped address to tcp_v4_connect(), which is one
 * call, told by the first return. Of any other the kernel has skipped the return.
 */
static __always_inline bool is_within(const struct call *outer, const struct call *call)
{
	if (outer->operation == BT_OP_CONNECT && call->operation == BT_OP_CONNECT &&
	    outer->sk == call->sk)
		return true;
	count(BT_LOST_RETURN);
	return false;
}

static __always_inline void enter_elsewhere(__u64 thread, const struct call *call)
{
	struct call *outer = bpf_map_lookup_elem(&calls, &thread);

	if (outer && is_within(outer, call))
		return;
	if (bpf_map_update_elem(&calls, &thread, call, BPF_ANY))
		count(BT_LOST_ARGS);
}

/* Always 0, as a program returns. */
static __always_inline int enter(const struct call *call)
{
	__u64 thread = bpf_get_current_pid_tgid();
	struct call *place = place_of(thread);
	__u64 owner;

	if (!place)
		return 0;
	owner = __sync_val_compare_and_swap(owner_of(thread), 0, thread);
	if (owner && owner != thread)
		enter_elsewhere(thread, call);
	else if (!owner || !is_within(place, call))
		*place = *call;
	return 0;
}

/* Takes the call of the current thread away; false: there is none. */
static __always_inline bool leave(struct call *call)
{
	struct call *there = call_under_way();
	__u64 thread = bpf_get_current_pid_tgid();
	__u64 *owner = owner_of(thread);

	if (!there)
		return false;
	*call = *there;
	if (*owner == thread) /* only now may another have the place: an exchange is a barrier */
		__sync_lock_test_and_set(owner, 0);
	else
		bpf_map_delete_elem(&calls, &thread);
	return true;
}

/* The current thread's call is over, however it went, and nobody asks what it was. false: it has no place of its own. */
static __always_inline bool forget(void)
{
	__u64 thread = bpf_get_current_pid_tgid();
	__u64 *owner = owner_of(thread);

	if (*owner != thread)
		return false;
	*owner = 0;
	return true;
}

static __always_inline void forget_anywhere(void)
{
	__u64 thread = bpf_get_current_pid_tgid();

	if (!forget())
		bpf_map_delete_elem(&calls, &thread);
}

#endif /* BT_UNDER_WAY_BPF_H */
