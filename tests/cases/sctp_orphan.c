/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The server has closed, but its peer does not take what was sent: the association keeps the port, and no
 * process has it open. Who it was is not known, and nobody else is named.
 */
#include "kit.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port());
	int listener = listen_on(ep, SCTP), client = new_socket(ep, SCTP), server, fd;

	must(!connect(client, &ep.sa, ep.len), "connect failed");
	server = accept_from(listener);
	shut(listener);
	fill(server);
	shut(server);
	disallow_self();
	fd = refuse(ep, SCTP, EADDRINUSE);
	not_advised("stop_holder");
	expect("'reason': 'sctp_in_use', 'holders': null");
	shut(client);
	await_association_gone(port_of(ep));
	bind_ok(fd, ep);
	return 0;
}
