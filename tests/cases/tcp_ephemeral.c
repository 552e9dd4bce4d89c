/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* bind() to port 0 when every port of ip_local_port_range is taken (kernel.md 1.2). */
#include "kit.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", 0);
	int fd;

	private_net();
	set_sysctl("ipv4/ip_local_port_range", "30000 30001");
	listen_on(with_port(ep, 30000), 0);
	listen_on(with_port(ep, 30001), 0);
	fd = refuse(ep, 0, EADDRINUSE);
	not_advised("wait");
	expect("'reason': 'ephemeral_exhausted', "
	       "'port_range': {'first': 30000, 'last': 30001, 'reserved': 0, 'taken': 2, "
	       "'users': [{'pid': %d, 'ports': 2}]}",
	       getpid());
	set_sysctl("ipv4/ip_local_port_range", "30000 30005");
	bind_ok(fd, ep);
	return 0;
}
