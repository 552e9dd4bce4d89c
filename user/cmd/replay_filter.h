/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Which lines of a recording a report is about: the filters that the kernel applies for a live trace, and times. */
#ifndef BT_CMD_REPLAY_FILTER_H
#define BT_CMD_REPLAY_FILTER_H

#include "cmd/options.h"
#include "model/event.h"

/* Whether it was between --since and --until; wall time. */
bool filter_in_time(const struct options *o, uint64_t realtime_ns);

/* Whether -P names it, or there is no -P. In host byte order. */
bool filter_has_port(const struct options *o, uint16_t port);

/* A refusal or success, and refusals that were counted. */
bool filter_event(const struct options *o, const struct event *e);
bool filter_folded(const struct options *o, uint64_t realtime_ns, const struct folded *of);

#endif /* BT_CMD_REPLAY_FILTER_H */
