/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * UDP and UDP-Lite have each their own ports (kernel.md 1.5).
 */
#include "kit.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port());

	bound_on(ep, UDPLITE);
	bound_on(ep, UDP);
	expect_quiet();
	return 0;
}
