/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* From the bytes of a record to an event. Pure but for the clock that dates it. */
#ifndef BT_DECODE_H
#define BT_DECODE_H

#include "model/event.h"

/*
 * Fills *e from a record of len bytes; everything not in the record is zero or "not known". -EBADMSG when
 * the bytes are not a record of this version.
 */
int decode_record(struct event *e, const struct bt_record *record, uint32_t len);

/* Adds to the event the processes that have its holders open, out of what bpf_source_sharers() gave. */
void decode_sharers(struct event *e, const struct bt_sharer *sharers, unsigned n);

#endif /* BT_DECODE_H */
