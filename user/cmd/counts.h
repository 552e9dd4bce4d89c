/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Counters by key, for as many as there are. */
#ifndef BT_CMD_COUNTS_H
#define BT_CMD_COUNTS_H

#include <stddef.h>
#include <stdint.h>

#include "model/names.h"

/* How far the refusals of one kind have been counted. */
struct counted {
	uint64_t key; /* 0: free */
	uint64_t count, ns;
	enum bt_reason reason; /* of the last that was told; N_REASONS: none was */
};

/* A table that grows; find it by any number but 0. */
struct counts {
	struct counted *entries;
	size_t n, room;
};

/* The entry of the key, made if there is none (count 0, no reason); NULL without memory. */
struct counted *counts_get(struct counts *table, uint64_t key);

#endif /* BT_CMD_COUNTS_H */
