// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "base/allowance.h"

enum { SHARE = 10 };

#define SAVED_NS 1000000000ull

bool allowance_left(const struct allowance *a, uint64_t now_ns)
{
	return now_ns >= a->from_ns;
}

void allowance_spend(struct allowance *a, uint64_t now_ns, uint64_t cost_ns)
{
	uint64_t earliest_ns = now_ns > SAVED_NS ? now_ns - SAVED_NS : 0;

	if (a->from_ns < earliest_ns)
		a->from_ns = earliest_ns;
	a->from_ns += SHARE * cost_ns;
}
