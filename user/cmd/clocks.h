/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Notices when the wall clock is set, and when the machine has been suspended: what was foretold is off by as much. */
#ifndef BT_CMD_CLOCKS_H
#define BT_CMD_CLOCKS_H

#include <stdbool.h>

#include "base/clock.h"

struct clocks {
	int fd; /* readable when something has happened */
	int64_t offset_ns;
	uint64_t slept_ns;
};

/* From now on. 0 or -errno; then c->fd is -1 and nothing is noticed. */
int clocks_watch(struct clocks *c);

/* What has happened since; whether it is enough for anybody to see it. Does not wait. */
bool clocks_changed(struct clocks *c, struct clock_change *change);

#endif /* BT_CMD_CLOCKS_H */
