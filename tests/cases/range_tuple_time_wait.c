/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* ... and to one of which a TIME_WAIT is left. Without timestamps it is not recycled. */
#include "kit.h"

int main(void)
{
	unsigned port = free_port();
	struct ep server = at("127.0.0.1", 20000), from = at("127.0.0.1", port);
	int first, second, accepted, listener;

	private_net();
	set_sysctl("ipv4/tcp_timestamps", "0");
	listener = listen_on(server, 0);
	first = bound_on(from, RA);
	must(!connect(first, &server.sa, server.len), "connect failed");
	accepted = accept_from(listener);
	shut(first);
	await_eof(accepted);
	shut(accepted);
	await_state(port, TCP_TIME_WAIT, 1);
	second = bound_on(from, RA);
	must(connect(second, &server.sa, server.len) && errno == EADDRNOTAVAIL, "no EADDRNOTAVAIL");
	remember("connect", second, from, EADDRNOTAVAIL);
	advised("use_other_port", "now");
	expect("'reason': 'tuple_in_use', 'layer': 'port_table', 'peer_port': 20000");
	connect_to(server);
	return 0;
}
