/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Closed with data the peer does not read: FIN_WAIT1 that belongs to no process (kernel.md 2.0). */
#include "kit_servers.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port());
	struct conn c = lone_connection(ep, 0);

	fill(c.server);
	shut(c.server);
	await_state(port_of(ep), TCP_FIN_WAIT1, 1);
	refuse_by_orphan(ep, c, "fin_wait1");
	reset_orphan(ep, c);
	return 0;
}
