/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The listener is closed, a connection that it accepted is not: it has the listener's addresses. Which side
 * began an association is not told.
 */
#include "kit.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port());
	int listener = listen_on(ep, SCTP), client = new_socket(ep, SCTP), server, fd;

	must(!connect(client, &ep.sa, ep.len), "connect failed");
	server = accept_from(listener);
	shut(listener);
	fd = refuse(ep, SCTP, EADDRINUSE);
	advised("stop_holder", "now");
	not_advised("wait");
	expect("'reason': 'sctp_in_use', 'holder_totals': {'total': 1, 'blocking': 1}, "
	       "'culprit_holder': {'role': 'association', 'state': 'established', "
	       "'address': '127.0.0.1', 'port': %u, 'peer_port': %u, 'blocks': true, "
	       "'processes': [{'pid': %d, 'fd': %d}]}",
	       port_of(ep), local_port(client), getpid(), server);
	shut(server);
	await_eof(client);
	shut(client);
	await_association_gone(port_of(ep));
	bind_ok(fd, ep);
	return 0;
}
