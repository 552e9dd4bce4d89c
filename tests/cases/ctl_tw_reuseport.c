/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * TIME_WAIT on the port and SO_REUSEPORT in both runs: no conflict, even between users
 * (kernel.md 2.1).
 */
#include "kit.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port());

	time_wait(ep, RP);
	bind_ok(new_socket_as(1000, ep, RP), ep);
	expect_quiet();
	return 0;
}
