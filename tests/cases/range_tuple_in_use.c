/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* connect() from a bound port to a peer it is connected to already (kernel.md 1.4). */
#include "kit.h"

int main(void)
{
	unsigned port = free_port();
	struct ep server = at("127.0.0.1", 20000), from = at("127.0.0.1", port);
	int first, second;

	private_net();
	listen_on(server, 0);
	first = bound_on(from, RA);
	must(!connect(first, &server.sa, server.len), "connect failed");
	second = bound_on(from, RA);
	must(connect(second, &server.sa, server.len) && errno == EADDRNOTAVAIL, "no EADDRNOTAVAIL");
	remember("connect", second, from, EADDRNOTAVAIL);
	advised("use_other_port", "now");
	not_advised("widen_port_range");
	not_advised("add_address");
	expect("'reason': 'tuple_in_use', 'layer': 'port_table', 'peer_port': 20000");
	connect_to(server);
	return 0;
}
