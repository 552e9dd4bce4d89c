/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* bind() of a UDP socket to port 0 when no port is left (kernel.md 1.2). */
#include "kit.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", 0);
	int fd;

	private_net();
	set_sysctl("ipv4/ip_local_port_range", "30000 30001");
	bound_on(at("0.0.0.0", 30000), UDP);
	bound_on(with_port(ep, 30001), UDP);
	fd = refuse(ep, UDP, EADDRINUSE);
	advised("widen_port_range", "now");
	not_advised("wait");
	expect("'reason': 'ephemeral_exhausted', "
	       "'port_range': {'first': 30000, 'last': 30001, 'reserved': 0, 'taken': 2, "
	       "'users': [{'pid': %d, 'ports': 2}]}",
	       getpid());
	set_sysctl("ipv4/ip_local_port_range", "10000 65535");
	bind_ok(fd, ep);
	return 0;
}
