/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* connect() when every port of the range is connected to this peer (kernel.md 1.4). */
#include "kit.h"

int main(void)
{
	struct ep server = at("127.0.0.1", 20000), nothing = at("0.0.0.0", 0);
	int fd;

	private_net();
	set_sysctl("ipv4/ip_local_port_range", "30000 30001");
	listen_on(server, 0);
	connect_to(server);
	connect_to(server);
	fd = new_socket(server, 0);
	must(connect(fd, &server.sa, server.len) && errno == EADDRNOTAVAIL, "no EADDRNOTAVAIL");
	if (!is_seen("connect")) {
		expect_quiet();
		return 0;
	}
	remember("connect", fd, nothing, EADDRNOTAVAIL);
	advised("widen_port_range", "now");
	not_advised("wait");
	not_advised("add_address");
	expect("'reason': 'ephemeral_exhausted', 'layer': 'port_table', "
	       "'peer_address': '127.0.0.1', 'peer_port': 20000, 'port_range': {'taken': 2, "
	       "'to_peer': 2, 'users': [{'pid': %d, 'ports': 2}]}",
	       getpid());
	set_sysctl("ipv4/ip_local_port_range", "10000 65535");
	must(!connect(fd, &server.sa, server.len), "the advice did not help");
	return 0;
}
