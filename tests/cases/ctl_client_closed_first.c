/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The client closed first: the TIME_WAIT is on its port, not the server's (kernel.md 5). */
#include "kit.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port());
	struct conn c = lone_connection(ep, 0);

	shut(c.client);
	await_eof(c.server);
	shut(c.server);
	await_gone(port_of(ep));
	listen_on(ep, 0);
	expect_quiet();
	return 0;
}
