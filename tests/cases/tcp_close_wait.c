/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The client hung up and the server never closed: a CLOSE_WAIT leak keeps the port. */
#include "kit.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port());
	struct conn c = lone_connection(ep, 0);
	int fd;

	shut(c.client);
	await_state(port_of(ep), TCP_CLOSE_WAIT, 1);
	fd = refuse(ep, 0, EADDRINUSE);
	advised("stop_holder", "now");
	not_advised("wait");
	not_advised_now("set_reuseaddr");
	expect("'reason': 'accepted_connection', 'frees_in_s': null, "
	       "'culprit_holder': {'role': 'accepted', 'state': 'close_wait', 'blocks': true, "
	       "'reuseaddr_refused': 'both_lack', 'reuseport_refused': 'both_lack', "
	       "'peer_port': %u, 'processes': [{'pid': %d, 'fd': %d}]}",
	       c.peer_port, getpid(), c.server);
	shut(c.server);
	await_gone(port_of(ep));
	bind_ok(fd, ep);
	return 0;
}
