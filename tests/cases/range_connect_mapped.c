/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The same by an IPv6 socket to a mapped address: one call, told once. */
#include "kit.h"

int main(void)
{
	struct ep server = at("127.0.0.1", 20000), mapped = at("::ffff:127.0.0.1", 20000);
	int fd;

	private_net();
	set_sysctl("ipv4/ip_local_port_range", "30000 30001");
	listen_on(server, 0);
	connect_to(mapped);
	connect_to(mapped);
	fd = new_socket(mapped, 0);
	must(connect(fd, &mapped.sa, mapped.len) && errno == EADDRNOTAVAIL, "no EADDRNOTAVAIL");
	remember("connect", fd, at("::", 0), EADDRNOTAVAIL);
	expect("'reason': 'ephemeral_exhausted', 'peer_address': '::ffff:127.0.0.1', "
	       "'port_range': {'taken': 2, 'to_peer': 2}");
	return 0;
}
