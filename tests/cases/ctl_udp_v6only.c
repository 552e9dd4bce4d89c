/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * [::] with IPV6_V6ONLY beside 0.0.0.0 (kernel.md 2.2).
 */
#include "kit.h"

int main(void)
{
	unsigned port = free_port();

	bound_on(at("0.0.0.0", port), UDP);
	bound_on(at("::", port), UDP | V6ONLY);
	expect_quiet();
	return 0;
}
