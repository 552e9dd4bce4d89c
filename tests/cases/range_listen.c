/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* listen() on an unbound socket when no port is left (kernel.md 1.3). */
#include "kit.h"

int main(void)
{
	struct ep ep = at("0.0.0.0", 0);
	int fd;

	private_net();
	set_sysctl("ipv4/ip_local_port_range", "30000 30001");
	listen_on(with_port(ep, 30000), 0);
	listen_on(with_port(ep, 30001), 0);
	fd = new_socket(ep, 0);
	listen_refused(fd, ep, EADDRINUSE);
	advised("widen_port_range", "now");
	not_advised("wait");
	expect("'reason': 'ephemeral_exhausted', "
	       "'port_range': {'first': 30000, 'last': 30001, 'reserved': 0, 'taken': 2, "
	       "'users': [{'pid': %d, 'ports': 2}]}",
	       getpid());
	set_sysctl("ipv4/ip_local_port_range", "10000 65535");
	listen_ok(fd);
	return 0;
}
