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

/* Looks for the first n records of a queue. */
void look_around(struct look *l, struct bpf_source *source, const struct bt_record *queue,
		 unsigned n);

/* Adds to the decoded event of the queue's record i what was seen. */
void look_apply(struct look *l, struct event *e, unsigned i);

/* Lets go of what the looks have needed. */
void look_end(struct look *l);

#endif /* BT_LOOK_H */
