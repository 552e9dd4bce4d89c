/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What processes are to each other: whose child, whose job, an orphan, an older instance of the same
 * program. Only what /proc proves; a process that has exited meanwhile proves nothing.
 */
#ifndef BT_ENRICH_FAMILY_H
#define BT_ENRICH_FAMILY_H

#include "model/event.h"

/* The ancestors of p, whether the process that started it is gone, and of a stopped one its shell. */
void family_of(struct process *p);

/* The ancestors of the asker; the first comes from the record, since the asker may have exited. */
void family_of_asker(struct event *e);

/* What p, which is not the asker, is to the asker: a relative, an instance of the same program. */
void family_compare(const struct event *e, struct process *p);

#endif /* BT_ENRICH_FAMILY_H */
