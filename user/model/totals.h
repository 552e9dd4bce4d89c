/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What became of the refusals of a stream: seen by the kernel = printed + folded + lost, exactly. */
#ifndef BT_TOTALS_H
#define BT_TOTALS_H

#include <stdint.h>

#include "model/names.h"

struct totals {
	uint64_t printed;
	uint64_t folded;
	uint64_t lost;
	/* changes of TCP state: an opener or closer may be unknown for each */
	uint64_t states_missed;
	/* system calls of tasks with a seccomp filter: whether it refused them nobody saw */
	uint64_t filters_missed;
	/* calls of bind(2) and listen(2): whether they were refused before the protocol was asked nobody saw */
	uint64_t ends_missed;
	uint64_t by_reason[N_REASONS]; /* printed and folded ones; of the lost no reason is known */
};

#endif /* BT_TOTALS_H */
