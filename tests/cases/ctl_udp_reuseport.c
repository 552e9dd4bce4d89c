/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Two sockets of one ordinary user with SO_REUSEPORT (kernel.md 2.5).
 */
#include "kit.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port());

	for (int i = 0; i < 2; i++)
		bind_ok(new_socket_as(1000, ep, UDP | RP), ep);
	expect_quiet();
	return 0;
}
