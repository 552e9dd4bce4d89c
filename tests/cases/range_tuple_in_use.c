/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* connect() from a bound port to a peer it is connected to already (kernel.md 1.4). */
#include "kit.h"

int main(void)
{
	unsigned port = free_port();
	struct ep server = at("127.0.0.1", 20000), from = at("127.0.0.1", port);
	struct ep any = at("0.0.0.0", port), other = at("127.0.0.1", 20001);
	int first, second, third;

	private_net();
	listen_on(server, 0);
	listen_on(other, 0);
	/* on the port, but to another peer */
	first = bound_on(from, RA);
	must(!connect(first, &other.sa, other.len), "connect failed");
	first = bound_on(from, RA);
	must(!connect(first, &server.sa, server.len), "connect failed");
	second = bound_on(from, RA);
	must(connect(second, &server.sa, server.len) && errno == EADDRNOTAVAIL, "no EADDRNOTAVAIL");
	remember("connect", second, from, EADDRNOTAVAIL);
	advised("use_other_port", "now");
	not_advised("widen_port_range");
	not_advised("add_address");
	not_advised("wait");
	expect("'reason': 'tuple_in_use', 'layer': 'port_table', 'peer_port': 20000, "
	       "'frees_in_s': null, 'culprit_holder': {'role': 'outgoing', 'state': 'established', "
	       "'port': %u, 'peer_port': 20000, 'processes': [{'pid': %d, 'fd': %d}]}, "
	       "'holder_totals': {'total': 2, 'blocking': 1}",
	       port, getpid(), first);
	shut(second);
	third = bound_on(any, RA);
	must(connect(third, &server.sa, server.len) && errno == EADDRNOTAVAIL, "no EADDRNOTAVAIL");
	remember("connect", third, any, EADDRNOTAVAIL);
	expect("'reason': 'tuple_in_use', 'holder_totals': {'blocking': 1}");
	connect_to(server);
	return 0;
}
