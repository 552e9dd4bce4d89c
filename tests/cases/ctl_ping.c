/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Ping sockets share an identifier as the kernel makes them; UDP's port of that number is another thing. */
#include "kit.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port());

	private_net();
	set_sysctl("ipv4/ping_group_range", "0 0");
	bound_on(ep, PING | RA);
	bound_on(ep, PING | RA);
	bound_on(ep, UDP);
	expect_quiet();
	return 0;
}
