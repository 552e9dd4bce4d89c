/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* [::] without IPV6_V6ONLY takes the IPv4 port as well, and 127.0.0.1 is taken (kernel.md 2.2). */
#include "kit.h"

int main(void)
{
	unsigned port = free_port();
	struct ep ep = at("::", port);
	int holder = listen_on(at("127.0.0.1", port), 0), fd = refuse(ep, 0, EADDRINUSE);

	advised("stop_holder", "now");
	advised("set_v6only", "now");
	not_advised("set_reuseaddr");
	expect("'reason': 'listener', 'culprit_holder': {'role': 'listener', 'family': 'ipv4', "
	       "'address': '127.0.0.1', 'blocks': true, 'overlap': 'dual_stack', "
	       "'reuseaddr_refused': 'both_lack', 'reuseport_refused': 'both_lack', "
	       "'processes': [{'pid': %d}]}",
	       getpid());
	set_option(fd, V6ONLY);
	bind_ok(fd, ep);
	shut(fd);
	shut(holder);
	bind_ok(new_socket(ep, 0), ep);
	return 0;
}
