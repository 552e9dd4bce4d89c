/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * With IP_BIND_ADDRESS_NO_PORT bind() succeeds without a port, and it is connect() that finds none (kernel.md 1.1): for
 * this address every port of the range is connected to the peer, for another it is not.
 */
#include "kit.h"

int main(void)
{
	struct ep server = at("127.0.0.1", 20000), mine = at("127.0.0.1", 0);
	int fd, one = 1;

	private_net();
	set_sysctl("ipv4/ip_local_port_range", "30000 30001");
	listen_on(server, 0);
	connect_to(server);
	connect_to(server);
	fd = new_socket(server, 0);
	must(!setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &one, sizeof(one)),
	     "no such option");
	bind_ok(fd, mine);
	must(connect(fd, &server.sa, server.len) && errno == EADDRNOTAVAIL, "no EADDRNOTAVAIL");
	remember("connect", fd, mine, EADDRNOTAVAIL);
	advised("widen_port_range", "now");
	expect("'reason': 'ephemeral_exhausted', 'layer': 'port_table', "
	       "'peer_address': '127.0.0.1', 'peer_port': 20000, 'port_range': {'taken': 2, "
	       "'to_peer': 2}");
	set_sysctl("ipv4/ip_local_port_range", "10000 65535");
	must(!connect(fd, &server.sa, server.len), "the advice did not help");
	return 0;
}
