/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Which program of a rung goes where (rung_list.c), for who puts it there (rungs.c). */
#ifndef BT_RUNG_LIST_H
#define BT_RUNG_LIST_H

#include "source/bpf_private.h"

/*
 * ENTRY, RETURN, OUTER_RETURN and ENDS are kprobe.multi's. An outer return is one of a function that asks a security
 * module first; ENDS are those of a system call.
 */
enum how { FEXIT, ENTRY, RETURN, OUTER_RETURN, TRACEPOINT, TYPED, CGROUP, ENDS };
enum { MAX_ENTRIES = 24 };

struct entry {
	struct bpf_program *program;
	enum how how;
	uint32_t missing; /* enum bt_missing when it cannot be attached; 0: then nothing works */
	const char *targets[8];
};

/* Fills e, which has room for MAX_ENTRIES, in the order in which they are to be attached. How many. */
unsigned rung_list(const struct bpf_source *s, struct entry *e);

/*
 * By kprobe.multi fexit tells of a bind(), which costs a quarter of a return. What it is skipped for, or what never came
 * that far, is still under way where the system call ends, or the kernel's own bind. It stands in a function of its own:
 * where more than one kind of hook stands, the kernel takes a slower way to all of them.
 */
bool rung_binds_by_fexit(const struct bpf_source *s);

#endif /* BT_RUNG_LIST_H */
