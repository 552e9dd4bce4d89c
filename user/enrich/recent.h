/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What was read a moment ago, so that a burst of refusals is not a burst of reading. Every reading here is
 * later than the refusal it explains, and says how things are by then. One that was made for another refusal
 * but began after this one is as good, and nearer to it than a new one would be; one that began before it is
 * not used: meanwhile the process may have executed something else, moved to another cgroup, or stopped.
 * Only that a process has exited stays true.
 */
#ifndef BT_ENRICH_RECENT_H
#define BT_ENRICH_RECENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/event.h"

/* What to do with it is for now, so nothing is kept for longer however far the reader is behind. */
#define RECENT_LIFE_NS 1000000000ull

/* May what was read from read_ns on (0: nothing was) explain something of event_ns? All boottime. */
static inline bool recent_serves(uint64_t read_ns, uint64_t event_ns, uint64_t now_ns)
{
	return read_ns && read_ns >= event_ns && now_ns - read_ns < RECENT_LIFE_NS;
}

/* process_enrich() for an event of event_ns; as are all below for what they are named after. */
void recent_enrich(struct process *p, uint64_t event_ns);

/* Of an asker that shows no cgroup any more: its cgroup, unit and container by the cgroup's id. */
void recent_cgroup(struct process *asker, uint64_t cgroup_id, uint64_t event_ns);

/* family_of(), family_parents() and family_same_program(). */
void recent_family(struct process *p, uint64_t event_ns);
void recent_parents(struct process *p, uint64_t event_ns);
bool recent_same_program(const struct process *asker, const struct process *p, uint64_t event_ns);

/* forward_find() */
void recent_forward(struct process *p, const struct bt_sock *socket, uint64_t event_ns);

/* runtime_names(), netns_name() and socket_unit_find(), which is empty when there is none. */
void recent_names(const struct container *c, struct container_names *names, uint64_t event_ns);
void recent_netns_name(uint64_t netns, char *out, size_t size, uint64_t event_ns);
void recent_socket_unit(const struct bt_sock *s, char *out, size_t size, uint64_t event_ns);

#endif /* BT_ENRICH_RECENT_H */
