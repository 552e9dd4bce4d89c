/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The newest socket shares by SO_REUSEPORT, so the kernel does not ask the older one, which would refuse
 * (kernel.md 2.5; udp_two_holders is the other order).
 */
#include "kit.h"

int main(void)
{
	unsigned port = free_port();

	bound_on(at("127.0.0.2", port), UDP);
	bound_on(at("127.0.0.1", port), UDP | RP);
	bound_on(at("0.0.0.0", port), UDP | RP);
	expect_quiet();
	return 0;
}
