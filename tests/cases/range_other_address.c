/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Sockets of another address take no port from this one. */
#include "kit.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", 0);
	int fd;

	private_net();
	set_sysctl("ipv4/ip_local_port_range", "30000 30001");
	bound_on(with_port(ep, 30000), UDP);
	bound_on(at("127.0.0.2", 30001), UDP);
	fd = new_socket(ep, UDP);
	bind_ok(fd, ep);
	must(local_port(fd) == 30001, "not the port that was left");
	fd = refuse(ep, UDP, EADDRINUSE);
	expect("'reason': 'ephemeral_exhausted', 'port_range': {'taken': 2, "
	       "'users': [{'pid': %d, 'ports': 2}]}",
	       getpid());
	return 0;
}
