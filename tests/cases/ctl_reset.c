/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The server resets its connection (SO_LINGER 0): no TIME_WAIT is left (kernel.md 5). */
#include "kit.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port());
	struct conn c = lone_connection(ep, 0);
	struct linger at_once = { 1, 0 };

	must(!setsockopt(c.server, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once)),
	     "SO_LINGER failed");
	shut(c.server);
	listen_on(ep, 0);
	expect_quiet();
	return 0;
}
