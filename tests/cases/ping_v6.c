/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Both are IPv6, and the holder is on the wildcard. */
#include "kit.h"

int main(void)
{
	struct ep ep = at("::1", free_port());
	int holder, fd;

	private_net();
	set_sysctl("ipv4/ping_group_range", "0 0");
	holder = bound_on(with_port(at("::", 0), port_of(ep)), PING);
	fd = refuse(ep, PING, EADDRINUSE);
	advised("stop_holder", "now");
	expect("'reason': 'ident_in_use', "
	       "'culprit_holder': {'role': 'ping', 'family': 'ipv6', 'address': '::', "
	       "'blocks': true, 'processes': [{'pid': %d, 'fd': %d}]}",
	       getpid(), holder);
	shut(holder);
	bind_ok(fd, ep);
	return 0;
}
