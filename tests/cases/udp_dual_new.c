/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * [::] without IPV6_V6ONLY wants the IPv4 port too, and 0.0.0.0 has it (kernel.md 2.2).
 */
#include "kit.h"

int main(void)
{
	unsigned port = free_port();
	struct ep ep = at("::", port);
	int holder = bound_on(at("0.0.0.0", port), UDP), fd = refuse(ep, UDP, EADDRINUSE);

	advised("set_v6only", "now");
	advised("stop_holder", "now");
	expect("'reason': 'udp_in_use', "
	       "'culprit_holder': {'role': 'udp', 'blocks': true, 'family': 'ipv4', "
	       "'overlap': 'dual_stack', 'processes': [{'pid': %d, 'fd': %d}]}",
	       getpid(), holder);
	set_option(fd, V6ONLY);
	bind_ok(fd, ep);
	return 0;
}
