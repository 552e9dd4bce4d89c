/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Between guarded.c (the look) and guarded_holders.c (what it means for a record). */
#ifndef BT_SOURCE_GUARDED_H
#define BT_SOURCE_GUARDED_H

#include "source/bpf_private.h"

enum { MAX_FOUND = 1 << 17, MAX_NAMESPACES = BPF_SOURCE_BATCH };

struct guarded {
	struct bpf_link *tcp, *udp, *bound;
	struct bt_record records[BPF_SOURCE_BATCH];
	uint32_t lengths[BPF_SOURCE_BATCH];
	unsigned n;
	/* of the last look */
	uint64_t looked_ns;
	struct bt_found *found;
	size_t n_found, n_bound, room;
	bool truncated;
	uint32_t seen[MAX_NAMESPACES]; /* network namespaces whose tables were read */
	unsigned n_seen;
	int err;
};

static inline bool guarded_wants_look(const struct bt_record *r)
{
	return r->walk & BT_WALK_LATE;
}

static inline bool guarded_is_seen(const struct guarded *g, uint32_t netns)
{
	unsigned i;

	for (i = 0; i < g->n_seen; i++)
		if (g->seen[i] == netns)
			return true;
	return false;
}

/*
 * Adds to the record the holders that the last look found. Where not all could be seen, nothing is concluded
 * from seeing none.
 */
void guarded_complete(struct bpf_source *s, struct bt_record *r);

#endif /* BT_SOURCE_GUARDED_H */
