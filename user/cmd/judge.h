/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A record on its way through the layers, up to the verdict. */
#ifndef BT_JUDGE_H
#define BT_JUDGE_H

#include "model/event.h"

/*
 * Fills *e from a record of len bytes and what bpf_source_sharers() gave for its holders (n_sharers < 0:
 * it could not). -EBADMSG when the bytes are no record.
 */
int judge_record(struct event *e, const struct bt_record *record, uint32_t len,
		 const struct bt_sharer *sharers, int n_sharers);

#endif /* BT_JUDGE_H */
