/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Makes incidents of replayed events. Memory grows with the incidents and their askers, not with the events. */
#ifndef BT_CMD_STORYTELLER_H
#define BT_CMD_STORYTELLER_H

#include "model/incident.h"
#include "model/story.h"

/* How far the refusals of one kind have been counted. */
struct counted {
	uint64_t key; /* 0: free */
	uint64_t count, ns;
};

/* A table that grows; find it by any number but 0. */
struct counts {
	struct counted *entries;
	size_t n, room;
};

/* The entry of the key, made if there is none (count 0); NULL without memory. */
struct counted *counts_get(struct counts *table, uint64_t key);

struct storyteller {
	struct story_book book;
	struct counts kinds; /* by asker, endpoint and error */
	struct counts open;  /* by endpoint: index of its open story + 1 in count */
};

/* A refusal of a recording; run tells recordings apart. 0 or -ENOMEM. */
int story_refused(struct storyteller *s, const struct event *e, const char *host, uint64_t run);

/* More refusals of a story that was begun. 0 or -ENOMEM. */
int story_folded(struct storyteller *s, const struct folded *of, const struct repeat *repeat,
		 const char *host, uint64_t realtime_ns);

/* Whether it ended a story that had been told. */
bool story_resolved(struct storyteller *s, const struct resolution *of, const struct process *who,
		    const char *host);

/* What a tracer could see: of several the least. */
void story_coverage(struct storyteller *s, const struct coverage *c);

void story_free(struct storyteller *s);

#endif /* BT_CMD_STORYTELLER_H */
