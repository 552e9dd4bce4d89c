/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A record on its way through the layers, up to the verdict. */
#ifndef BT_JUDGE_H
#define BT_JUDGE_H

#include "cmd/look.h"
#include "model/event.h"

/*
 * Fills *e from a record of len bytes: who is in the way and why, as far as it tells by itself. -EBADMSG when the
 * bytes are no record.
 */
int judge_alone(struct event *e, const struct bt_record *record, uint32_t len);

/* Then adds what was seen around it, where it was the i-th that was looked for, and judges it by all that. */
void judge_seen(struct event *e, struct look *look, unsigned i);

#endif /* BT_JUDGE_H */
