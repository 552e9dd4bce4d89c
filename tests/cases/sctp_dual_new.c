/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* :: without IPV6_V6ONLY takes the IPv4 port, too (sctp_inet6_cmp_addr). */
#include "kit.h"

int main(void)
{
	unsigned port = free_port();
	struct ep ep = at("::", port);
	int holder = listen_on(at("127.0.0.1", port), SCTP), fd = refuse(ep, SCTP, EADDRINUSE);

	advised("set_v6only", "now");
	advised("stop_holder", "now");
	expect("'reason': 'listener', 'culprit_holder': {'family': 'ipv4', "
	       "'address': '127.0.0.1', 'blocks': true, 'overlap': 'dual_stack', "
	       "'processes': [{'pid': %d, 'fd': %d}]}",
	       getpid(), holder);
	set_option(fd, V6ONLY);
	bind_ok(fd, ep);
	return 0;
}
