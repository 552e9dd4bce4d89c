/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* IPv4 and IPv6 have one table of identifiers, and addresses do not matter in it. */
#include "kit.h"

int main(void)
{
	unsigned ident = free_port();
	struct ep ep = at("127.0.0.2", ident);
	int holder, fd;

	private_net();
	set_sysctl("ipv4/ping_group_range", "0 0");
	holder = bound_on(at("::1", ident), PING);
	fd = refuse(ep, PING, EADDRINUSE);
	advised("stop_holder", "now");
	expect("'reason': 'ident_in_use', 'holder_totals': {'total': 1, 'blocking': 1}, "
	       "'culprit_holder': {'role': 'ping', 'protocol': 'icmp', 'family': 'ipv6', "
	       "'address': '::1', 'blocks': true, 'overlap': null, "
	       "'processes': [{'pid': %d, 'fd': %d}]}",
	       getpid(), holder);
	shut(holder);
	bind_ok(fd, ep);
	return 0;
}
