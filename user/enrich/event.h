/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What user space knows of an event beside its record. */
#ifndef BT_ENRICH_EVENT_H
#define BT_ENRICH_EVENT_H

#include "model/event.h"

/*
 * All processes of an event, and what they are to each other and to people: containers by name, port
 * proxies, .socket units, namespaces. Of an asker that has exited the cgroup comes from its id.
 */
void enrich_event(struct event *e);

/*
 * The ancestors of its asker, of who made each holder listen or connect, and of the first process that has
 * it open: for who shows them, since they are many files and no judgement needs them.
 */
void enrich_parents(struct event *e);

#endif /* BT_ENRICH_EVENT_H */
