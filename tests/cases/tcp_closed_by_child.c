/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The server closed its copy, a forked child had the connection, too, and closed last: that sent
 * the FIN.
 */
#include "kit_servers.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port());
	int listener = listen_on(ep, 0);
	struct conn c = connection(listener, ep);
	struct child last;

	if (start_child(&last)) {
		wait_parent(&last);
		shut(c.server);
		return 0;
	}
	shut(c.server);
	shut(listener);
	end_child(&last);
	refuse_in_time_wait(ep, c.client, last.pid, false);
	return 0;
}
