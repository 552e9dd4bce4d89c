/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* bind() of port 0: SCTP takes only a port that no socket has at all, so that none is left. */
#include "kit.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", 0);
	int fd;

	private_net();
	set_sysctl("ipv4/ip_local_port_range", "30000 30001");
	bound_on(at("127.0.0.1", 30000), SCTP);
	bound_on(at("127.0.0.2", 30001), SCTP);
	fd = refuse(ep, SCTP, EADDRINUSE);
	advised("widen_port_range", "now");
	not_advised("wait");
	expect("'reason': 'ephemeral_exhausted', 'holders': null");
	set_sysctl("ipv4/ip_local_port_range", "10000 65535");
	bind_ok(fd, ep);
	return 0;
}
