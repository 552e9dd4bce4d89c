/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What lines belong to one incident: those with the same key, a hash of what was asked for and where. */
#ifndef BT_CMD_STORY_KEY_H
#define BT_CMD_STORY_KEY_H

#include "model/event.h"

/* Of an endpoint that is no path. */
uint64_t story_key(const struct bt_sock *s, uint16_t operation, uint32_t netns, const char *host);

/* Of a refusal, and of refusals that were counted. */
uint64_t story_key_refused(const struct event *e, const char *host);
uint64_t story_key_folded(const struct folded *of, const char *host);

/* Of one asker's refusals with one error at the endpoint of a key, in one recording. */
uint64_t story_key_kind(uint64_t key, uint64_t run, uint32_t pid, uint16_t error);

#endif /* BT_CMD_STORY_KEY_H */
