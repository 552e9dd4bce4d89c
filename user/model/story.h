/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the lines of a recording come to: its incidents and its totals. */
#ifndef BT_STORY_H
#define BT_STORY_H

#include "model/event.h"

enum { STORY_NAMES = 6, STORY_NAME = 96, TOP_HOLDERS = 1024 };

/* Different names, the first seen first. */
struct story_names {
	char name[STORY_NAMES][STORY_NAME];
	unsigned n;
	uint64_t more; /* times that another one had no room */
};

/* One endpoint, from its first refusal until somebody got it, whoever asked. Names are raw. */
struct story {
	char host[65];
	struct bt_record asked; /* of the first refusal, without holders */
	struct story_names askers, holders;
	char cause[EVENT_TEXT];
	enum bt_reason reason;
	uint64_t first_ns, last_ns; /* wall time */
	uint64_t refusals;
	unsigned holder; /* who held it last: place in top[], from 1 on; 0: nobody was seen */
	bool resolved;
	uint64_t after_ns; /* until then */
	char winner[STORY_NAME];
};

struct top_holder {
	char comm[BT_COMM_LEN + 1];
	uint64_t refusals;
};

struct story_book {
	struct story *stories; /* in the order of their beginnings */
	size_t n, room;
	uint64_t refusals;
	uint64_t ports[65536]; /* refusals by port */
	uint64_t reasons[N_REASONS];
	struct top_holder top[TOP_HOLDERS];
	unsigned n_top;
	struct coverage coverage; /* the least of all headers */
	bool covered;		  /* there was a header */
	uint64_t
		counted; /* refusals by the tracers' own totals; 0: not known, or of other events */
	uint64_t lost, unusable; /* refusals; lines */
	unsigned files, cut_short, hosts;
};

#endif /* BT_STORY_H */
