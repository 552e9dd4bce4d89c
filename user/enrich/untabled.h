/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Holders that no walk in the kernel can find: the tables of SCTP (a module) and of ping sockets are known to
 * themselves only. Instead the open files of all processes are looked at, a moment after the refusal.
 */
#ifndef BT_ENRICH_UNTABLED_H
#define BT_ENRICH_UNTABLED_H

#include "model/event.h"

enum { FILES_ROWS = 256 };

/* What one look at the open files found: a row for each address of each socket. */
struct untabled {
	struct bt_open rows[FILES_ROWS];
	/* when each was bound, boottime; 0: before anything was refused */
	uint64_t bound_ns[FILES_ROWS];
	unsigned n;
	bool looked;  /* the open files could be read: without that nothing is known */
	bool partial; /* there were more, or there are processes that are not seen */
};

/* Is it a refusal whose holders are looked for here? */
bool untabled_needed(const struct bt_record *r);

/* Has the socket the port or identifier that was refused, where the kernel looks for it? */
bool untabled_concern(const struct bt_record *r, const struct bt_open *open);

/* Takes a row, but for one that repeats another: a socket that is open once more. */
void untabled_keep(struct untabled *f, const struct bt_open *open, uint64_t bound_ns);

/*
 * Makes of the rows that concern the event its holders and totals, as a walk would have. Where no socket in the
 * way was found the event stays as it is, unless it is certain that none is left; so it does where nobody could
 * look.
 */
void untabled_add_holders(struct event *e, const struct untabled *f);

#endif /* BT_ENRICH_UNTABLED_H */
