/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Work that is worth doing as long as it does not take long: it may have a tenth of the time. What it does not need is
 * saved up for a second. A zeroed one has that much.
 */
#ifndef BT_BASE_ALLOWANCE_H
#define BT_BASE_ALLOWANCE_H

#include <stdbool.h>
#include <stdint.h>

struct allowance {
	uint64_t from_ns; /* from then on it is not used up */
};

/* All by one clock that never goes back, in nanoseconds. */
bool allowance_left(const struct allowance *a, uint64_t now_ns);

/* Such work has just taken so long: more than was left is paid back by waiting. */
void allowance_spend(struct allowance *a, uint64_t now_ns, uint64_t cost_ns);

#endif /* BT_BASE_ALLOWANCE_H */
