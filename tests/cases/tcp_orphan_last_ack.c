/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The peer closed its side and reads nothing; ours was closed with data left: LAST_ACK
 * (kernel.md 2.0).
 */
#include "kit.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port());
	struct conn c = lone_connection(ep, 0);
	int fd;

	must(!shutdown(c.client, SHUT_WR), "shutdown failed");
	await_eof(c.server);
	fill(c.server);
	shut(c.server);
	await_state(port_of(ep), TCP_LAST_ACK, 1);
	fd = refuse(ep, 0, EADDRINUSE);
	advised("use_other_port", "now");
	not_advised("stop_holder");
	not_advised_now("set_reuseaddr");
	expect("'reason': 'orphan', 'frees_in_s': null, "
	       "'holder_totals': {'total': 1, 'blocking': 1}, "
	       "'culprit_holder': {'role': 'orphan', 'state': 'last_ack', 'address': '127.0.0.1', "
	       "'peer_port': %u, 'blocks': true, 'overlap': 'same_address', "
	       "'reuseaddr_refused': 'both_lack', 'reuseport_refused': 'both_lack', "
	       "'processes': []}",
	       c.peer_port);
	bind_ok(fd, with_port(ep, free_port()));
	shut(c.client); /* unread data: this resets the orphan */
	await_gone(port_of(ep));
	bind_ok(new_socket(ep, 0), ep);
	return 0;
}
