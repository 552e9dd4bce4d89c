/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What there is under the name of a refused UNIX socket. A path is looked up as the asker would, from its
 * own root and working directory; when nobody can tell that it is the same file, nothing is said.
 */
#ifndef BT_ENRICH_UNIX_H
#define BT_ENRICH_UNIX_H

#include <stddef.h>

#include "model/event.h"

/* Looks at the name of a refused AF_UNIX bind; for other records everything in *facts is "not known". */
void unix_look(struct unix_facts *facts, const struct bt_record *record);

/* The inode by which the walk of open files finds who holds the name; 0: there is nothing to ask for. */
uint64_t unix_wanted(const struct unix_facts *facts);

/*
 * Ends the look, with the n sharers the iterator gave (negative: it could not be asked): when none of
 * them has the file, it is asked whether anybody serves it.
 */
void unix_settle(struct unix_facts *facts, const struct bt_record *record,
		 const struct bt_sharer *sharers, int n);

/*
 * Makes the holder of the name e->rec.holders[0], when it is certain. For decode_sharers() to name the
 * processes after that.
 */
void unix_add_holder(struct event *e, const struct unix_facts *facts,
		     const struct bt_sharer *sharers, int n);

/* The parts of unix_look(), for trees and tables that are not the system's. */

/*
 * Looks at a file. root is the directory at which absolute paths begin, cwd the one at which relative
 * paths do, or -1 when it is not known; foreign: that root is not our own. Whoever chose the path chose
 * its links too: they never lead out of a foreign root.
 */
void unix_look_at_path(struct unix_facts *facts, int root, int cwd, bool foreign, const char *path);

/* Finds an abstract name of n bytes ('@' and the rest) in the text of a /proc/PID/net/unix. */
void unix_look_in_table(struct unix_facts *facts, const char *table, const char *name, size_t n,
			unsigned type);

#endif /* BT_ENRICH_UNIX_H */
