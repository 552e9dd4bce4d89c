/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A tracer that has attached needs little of what attaching took: the rest it gives up, for good. What it reads from
 * then on was chosen by processes that were refused something.
 */
#ifndef BT_CONFINE_H
#define BT_CONFINE_H

#include <stdbool.h>
#include <sys/types.h>

/* What decides about it. */
struct confinement {
	int hook;      /* the rung, enum bt_hook */
	bool looks_up; /* bpf_source_looks_up() */
	int program;   /* a pidfd of the program of -- CMD; -1: none */
	pid_t child;   /* the exporter; 0: none */
	int folder;    /* of the recording, by its descriptor; -1: none */
	bool group;    /* ... whose files go to a group that we are not in */
};

/* One capability that is kept, or that is missing. */
struct power_row {
	const char *name;  /* without "cap_" */
	int result;	   /* 0: kept; -EPERM: would be, but this process does not have it */
	const char *gives; /* what it is needed for */
};

enum { MAX_POWER_ROWS = 10 };

/* Those that this kernel wants for what is still to be done. How many. */
unsigned confine_list(const struct confinement *c, struct power_row rows[MAX_POWER_ROWS]);

/*
 * Keeps those, no others and none to be had; and lets the kernel take only the system calls that are still needed:
 * no exec, no fork, no ptrace(), no socket of the network, no file opened for writing but new ones of a recording.
 * EXIT_*; the reason has been printed.
 */
int confine(const struct confinement *c);

/* Whether the kernel has filters of system calls. */
bool confine_has_filter(void);

/* The second half of that, the list of system calls. 0 or -errno. */
int confine_calls(const struct confinement *c);

#endif /* BT_CONFINE_H */
