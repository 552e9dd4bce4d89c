/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Closed with data the peer does not read: FIN_WAIT1 that belongs to no process (kernel.md 2.0). */
#include "kit.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port());
	struct conn c = lone_connection(ep, 0);
	int fd;

	fill(c.server);
	shut(c.server);
	await_state(port_of(ep), TCP_FIN_WAIT1, 1);
	fd = refuse(ep, 0, EADDRINUSE);
	advised("use_other_port", "now");
	not_advised("stop_holder");
	not_advised_now("set_reuseaddr");
	expect("'reason': 'orphan', 'frees_in_s': null, "
	       "'holder_totals': {'total': 1, 'blocking': 1}, "
	       "'culprit_holder': {'role': 'orphan', 'state': 'fin_wait1', "
	       "'address': '127.0.0.1', 'peer_port': %u, 'blocks': true, "
	       "'overlap': 'same_address', 'reuseaddr_refused': 'both_lack', "
	       "'reuseport_refused': 'both_lack', "
	       "'processes': []}",
	       c.peer_port);
	bind_ok(fd, with_port(ep, free_port()));
	shut(c.client); /* unread data: this resets the orphan */
	await_gone(port_of(ep));
	bind_ok(new_socket(ep, 0), ep);
	return 0;
}
