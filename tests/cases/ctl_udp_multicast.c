/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Two mDNS programs, both with SO_REUSEADDR, on the group and on the wildcard: whoever asks so shares.
 */
#include "kit.h"

int main(void)
{
	unsigned port = free_port();

	bound_on(at("0.0.0.0", port), UDP | RA);
	bound_on(at("0.0.0.0", port), UDP | RA);
	bound_on(at("224.0.0.251", port), UDP | RA);
	bound_on(at("224.0.0.251", port), UDP | RA);
	expect_quiet();
	return 0;
}
