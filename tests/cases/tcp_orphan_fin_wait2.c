/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * TCP_LINGER2 beyond 60 s: for the excess it is a whole socket without a process, FIN_WAIT2
 * (kernel.md 5).
 */
#include "kit_servers.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port());
	struct conn c = lone_connection(ep, 0);
	int seconds = 110;

	must(!setsockopt(c.server, IPPROTO_TCP, TCP_LINGER2, &seconds, sizeof(seconds)),
	     "TCP_LINGER2 failed");
	shut(c.server);
	await_state(port_of(ep), TCP_FIN_WAIT2, 1);
	refuse_by_orphan(ep, c, "fin_wait2");
	return 0;
}
