/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Ports with more sockets than a walk in the refused task may look at. It meets the newest first, most of them in
 * TIME_WAIT; who listens has been there longest. So those who listen or are bound are looked for among the open
 * files of all processes, a moment after the refusal.
 */
#ifndef BT_ENRICH_CROWD_H
#define BT_ENRICH_CROWD_H

#include "enrich/untabled.h"

/* Did the walk end before its port's sockets did? */
bool crowd_needed(const struct bt_record *r);

/* May the socket be one that the walk did not come to? */
bool crowd_concern(const struct bt_record *r, const struct bt_open *open);

/* Adds to the event those that were there at the refusal, as holders and to its totals, which still say "at least". */
void crowd_add_holders(struct event *e, const struct untabled *f);

#endif /* BT_ENRICH_CROWD_H */
