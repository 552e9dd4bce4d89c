/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* listen() of an unbound socket, with no port left: SCTP says EAGAIN, where TCP says EADDRINUSE. */
#include "kit.h"

int main(void)
{
	struct ep ep = at("0.0.0.0", 0);
	int fd;

	private_net();
	set_sysctl("ipv4/ip_local_port_range", "30000 30001");
	bound_on(at("127.0.0.1", 30000), SCTP);
	bound_on(at("127.0.0.1", 30001), SCTP);
	fd = new_socket(ep, SCTP);
	listen_refused(fd, ep, EAGAIN);
	advised("widen_port_range", "now");
	expect("'reason': 'ephemeral_exhausted', 'layer': 'port_table'");
	set_sysctl("ipv4/ip_local_port_range", "10000 65535");
	listen_ok(fd);
	return 0;
}
