/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Who has the ports of a range without a free one: how many are reserved, and who has most (kernel.md 1.2). */
#include "kit.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", 0);
	struct child c;
	int fd;

	private_net();
	set_sysctl("ipv4/ip_local_port_range", "30000 30003");
	set_sysctl("ipv4/ip_local_reserved_ports", "30003,40000-40100");
	if (start_child(&c)) {
		listen_on(with_port(ep, 30000), 0);
		bound_on(at("0.0.0.0", 30001), RA);
		signal_parent(&c);
		wait_parent(&c);
		_exit(0);
	}
	wait_child(&c);
	allow(c.pid);
	bound_on(with_port(ep, 30002), 0);
	bound_on(at("127.0.0.2", 30003), 0); /* reserved, and so no loss */
	fd = refuse(ep, RA, EADDRINUSE);
	advised("unreserve_ports", "now");
	advised("widen_port_range", "now");
	not_advised("wait");
	expect("'reason': 'ephemeral_exhausted', 'port_range': {'first': 30000, 'last': 30003, "
	       "'own': false, 'reserved': 1, 'taken': 3, 'time_wait': 0, "
	       "'users': [{'pid': %d, 'ports': 2}, {'pid': %d, 'ports': 1}]}",
	       c.pid, getpid());
	set_sysctl("ipv4/ip_local_reserved_ports", "\n");
	bind_ok(fd, ep);
	end_child(&c);
	return 0;
}
