/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* [::] without IPV6_V6ONLY against a listener on 0.0.0.0 (kernel.md 2.2, dual_stack). */
#include "kit.h"

int main(void)
{
	unsigned port = free_port();
	struct ep ep = at("::", port);
	int fd;

	listen_on(at("0.0.0.0", port), RA);
	fd = refuse(ep, RA, EADDRINUSE);
	advised("set_v6only", "now");
	not_advised("set_reuseaddr");
	expect("'reason': 'listener', 'culprit_holder': {'role': 'listener', 'family': 'ipv4', "
	       "'address': '0.0.0.0', 'blocks': true, 'overlap': 'dual_stack', "
	       "'reuseaddr_refused': 'holder_listens', "
	       "'processes': [{'pid': %d}]}",
	       getpid());
	set_option(fd, V6ONLY);
	bind_ok(fd, ep);
	return 0;
}
