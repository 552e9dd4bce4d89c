/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A TCP listener does not keep a UDP socket from its port. */
#include "kit.h"

int main(void)
{
	struct ep ep = at("0.0.0.0", free_port());

	listen_on(ep, 0);
	bound_on(ep, UDP);
	expect_quiet();
	return 0;
}
