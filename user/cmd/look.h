/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* One look around serves all records that wait: who has the holders open, what has the names. */
#ifndef BT_LOOK_H
#define BT_LOOK_H

#include "cmd/census.h"
#include "enrich/untabled.h"
#include "model/event.h"
#include "source/bpf.h"

enum { LOOK_RECORDS = BPF_SOURCE_BATCH, LOOK_SHARERS = 512 };

struct look {
	struct unix_facts names[LOOK_RECORDS];
	struct sctp_facts sctp[LOOK_RECORDS];
	struct bt_sharer sharers[LOOK_SHARERS];
	int n_sharers; /* -errno when the open files could not be read */
	struct untabled files;
	struct census_look census;
	bool trial; /* goes into every event */
};

/*
 * May a look find somebody else in the way, or another reason, than the record of *e tells by itself? e was judged by
 * that alone. Not of a port whose table the kernel side has walked to the end, and met who is in the way: who has that
 * open now belongs to the report, but is no other story.
 */
bool look_decides(const struct event *e);

/* Does the look go through the open files of all processes, or ask for a name? Else it costs nothing. */
bool look_is_long(const struct bt_record *r);

/* Looks for the first n records of a queue. */
void look_around(struct look *l, struct bpf_source *source, const struct bt_record *queue,
		 unsigned n);

/* Adds to the decoded event of the queue's record i what was seen. */
void look_apply(struct look *l, struct event *e, unsigned i);

/* Lets go of what the looks have needed. */
void look_end(struct look *l);

#endif /* BT_LOOK_H */
