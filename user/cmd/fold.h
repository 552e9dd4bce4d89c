/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Equal refusals are told once: the same asker, endpoint, error and culprit. The kernel side counts what
 * follows closely; this table says what is still new to the reader.
 */
#ifndef BT_FOLD_H
#define BT_FOLD_H

#include "model/event.h"

enum { FOLD_ENTRIES = 4096, FOLD_PLACES = FOLD_ENTRIES + 1 };

/* What tells a refusal from others of its kind: another socket is in the way, or the reason is another one. */
struct fold_face {
	uint64_t culprit; /* which socket, or which kind of mini-socket; 0: none that is known */
	enum bt_reason reason;
};

struct fold_entry {
	struct folded of;
	bool used;
	bool quiet; /* nothing new for a while: the kernel side need not be asked */
	struct fold_face face;
	struct fold_face
		alone; /* ... of the latest one that was looked into, as its record alone has it */
	uint64_t first_ns;    /* since when the kernel side has counted (boottime) */
	uint64_t seen;	      /* refusals it had counted when last heard of */
	uint64_t told;	      /* of those, what the reader has been told */
	uint64_t accounted;   /* of those seen, what the totals by reason have */
	uint64_t resolved;    /* of those seen, what belongs to incidents that are over */
	uint64_t told_ns;     /* when (boottime) */
	uint64_t last_ns;     /* the latest refusal heard of (boottime) */
	uint64_t interval_ns; /* how long to say nothing more; doubles up to a minute */
	uint64_t incident;
	uint16_t next, older, newer; /* places in the table; next 0: it is the last of its hash */
};

/* A zeroed one is empty. */
struct fold_table {
	struct fold_entry entries[FOLD_PLACES]; /* the first is where the order begins and ends */
	uint16_t first[FOLD_ENTRIES];		/* by hash */
	uint16_t n;
	uint64_t incidents;
	uint64_t forgot_ns; /* until when kinds have been met that it does not know any more */
};

enum fold_answer {
	FOLD_NEW,    /* tell it in full */
	FOLD_AGAIN,  /* known, but it is time to say that it goes on */
	FOLD_SILENT, /* known, and told a moment ago */
};

/*
 * The entry that has to go before an event of this kind has room, the one not heard of for longest; NULL: none. Whoever
 * asks tells first what there is to tell of it.
 */
struct fold_entry *fold_in_the_way(struct fold_table *table, const struct bt_fold_key *key);

/* As it was judged, by verdict_decide() at least. */
struct fold_face fold_face(const struct event *e);

/*
 * Is it, as far as its record alone tells, what was told a moment ago? Then its entry, else NULL: it is a new kind, or
 * another story, or time to say that it goes on.
 */
struct fold_entry *fold_told(struct fold_table *table, const struct bt_record *r,
			     struct fold_face alone);

/* Counts a refusal that need not be told with its entry, as fold_event() does for FOLD_SILENT; fills e->repeat. */
void fold_count(struct fold_table *table, struct fold_entry *entry, struct event *e);

/*
 * What to do with an event that was looked into and judged; fills e->repeat. alone: the face it had before that. *entry
 * is its place in the table.
 */
enum fold_answer fold_event(struct fold_table *table, struct event *e, struct fold_face alone,
			    struct fold_entry **entry);

/*
 * The story of the entry has ended: the next refusal begins another one. Returns how many refusals
 * belonged to it.
 */
uint64_t fold_end(struct fold_entry *entry);

#endif /* BT_FOLD_H */
