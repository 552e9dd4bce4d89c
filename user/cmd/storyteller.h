/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Makes incidents of replayed events. Memory grows with the incidents and their askers, not with the events. */
#ifndef BT_CMD_STORYTELLER_H
#define BT_CMD_STORYTELLER_H

#include "cmd/counts.h"
#include "model/incident.h"
#include "model/story.h"

/* Where and when a line was written; run tells recordings apart. */
struct written {
	const char *host;
	uint64_t run;
	uint64_t boottime_ns, realtime_ns;
};

struct storyteller {
	struct story_book book;
	struct counts kinds; /* by asker, endpoint and error */
	struct counts open;  /* by endpoint: index of its open story + 1 in count */
};

/* Any line: how far the recordings of a host reach. */
void story_line(struct storyteller *s, const struct written *at);

/* A header: the machine, what the tracer could see (of several the least), and by which bindtrace. */
void story_header(struct storyteller *s, const struct written *at, const struct story_origin *from,
		  const struct coverage *c);

/* A refusal. 0 or -ENOMEM. */
int story_refused(struct storyteller *s, const struct event *e, const struct written *at);

/* More refusals of a story that was begun. 0 or -ENOMEM. */
int story_folded(struct storyteller *s, const struct folded *of, const struct repeat *repeat,
		 const struct written *at);

/* Whether it ended a story that had been told. */
bool story_resolved(struct storyteller *s, const struct resolution *of, const struct process *who,
		    const struct written *at);

/* Lets go of the book and of all stories in it. */
void story_free(struct storyteller *s);

#endif /* BT_CMD_STORYTELLER_H */
