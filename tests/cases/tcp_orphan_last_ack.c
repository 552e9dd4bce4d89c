/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The peer closed its side and reads nothing; ours was closed with data left: LAST_ACK
 * (kernel.md 2.0).
 */
#include "kit_servers.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port());
	struct conn c = lone_connection(ep, 0);

	must(!shutdown(c.client, SHUT_WR), "shutdown failed");
	await_eof(c.server);
	fill(c.server);
	shut(c.server);
	await_state(port_of(ep), TCP_LAST_ACK, 1);
	refuse_by_orphan(ep, c, "last_ack");
	reset_orphan(ep, c);
	return 0;
}
