/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * [::] without IPV6_V6ONLY holds the IPv4 port too (kernel.md 2.2).
 */
#include "kit.h"

int main(void)
{
	unsigned port = free_port();
	struct ep ep = at("127.0.0.1", port);
	int holder = bound_on(at("::", port), UDP), fd = refuse(ep, UDP, EADDRINUSE);

	advised("stop_holder", "now");
	not_advised("set_v6only");
	expect("'reason': 'udp_in_use', "
	       "'culprit_holder': {'role': 'udp', 'blocks': true, 'family': 'ipv6', "
	       "'address': '::', 'v6only': false, 'overlap': 'dual_stack', "
	       "'processes': [{'pid': %d, 'fd': %d}]}",
	       getpid(), holder);
	shut(holder);
	bound_on(at("::", port), UDP | V6ONLY);
	bind_ok(fd, ep);
	return 0;
}
