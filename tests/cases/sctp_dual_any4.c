/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Unlike with TCP, 0.0.0.0 meets an IPv6 address that has nothing to do with it: wildcards of both families
 * meet everything, unless the IPv6 socket is IPV6_V6ONLY.
 */
#include "kit.h"

int main(void)
{
	unsigned port = free_port();
	struct ep ep = at("0.0.0.0", port);
	int holder = listen_on(at("::1", port), SCTP), fd = refuse(ep, SCTP, EADDRINUSE);

	advised("stop_holder", "now");
	expect("'reason': 'listener', 'culprit_holder': {'family': 'ipv6', "
	       "'address': '::1', 'v6only': false, 'blocks': true, 'overlap': 'dual_stack', "
	       "'processes': [{'pid': %d, 'fd': %d}]}",
	       getpid(), holder);
	shut(holder);
	listen_on(at("::1", port), SCTP | V6ONLY);
	bind_ok(fd, ep);
	return 0;
}
