/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A dual-stack listener on [::] has the IPv4 port, too; IPV6_V6ONLY is no help in an IPv4 asker
 * (kernel.md 2.2).
 */
#include "kit.h"

int main(void)
{
	unsigned port = free_port();
	struct ep ep = at("0.0.0.0", port);
	int holder = listen_on(at("::", port), 0), fd = refuse(ep, 0, EADDRINUSE);

	advised("stop_holder", "now");
	advised("use_other_port", "now");
	not_advised("set_reuseaddr");
	not_advised_now("set_v6only");
	expect("'reason': 'listener', 'culprit_holder': {'role': 'listener', 'family': 'ipv6', "
	       "'address': '::', 'blocks': true, 'v6only': false, 'overlap': 'dual_stack', "
	       "'reuseaddr_refused': 'both_lack', 'reuseport_refused': 'both_lack', "
	       "'processes': [{'pid': %d}]}",
	       getpid());
	shut(holder);
	bind_ok(fd, ep);
	return 0;
}
