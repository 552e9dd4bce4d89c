/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What processes are to each other: whose child, whose job, an orphan, an older instance of the same
 * program. Only what /proc proves; a process that has exited meanwhile proves nothing.
 */
#ifndef BT_ENRICH_FAMILY_H
#define BT_ENRICH_FAMILY_H

#include <stdbool.h>

#include "model/event.h"

/* Whether the process that started p is gone, and of a stopped one its shell. */
void family_of(struct process *p);

/* The ancestors of p. */
void family_parents(struct process *p);

/* Is it the very process that asked? By pid and start. */
bool family_is_asker(const struct event *e, const struct process *p);

/* What p is to the asker: by what the kernel side has seen of the two. */
enum bt_relation family_relation(const struct event *e, const struct process *p);

/* Do both live, as instances of one program? */
bool family_same_program(const struct process *a, const struct process *b);

#endif /* BT_ENRICH_FAMILY_H */
