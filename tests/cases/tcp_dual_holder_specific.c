/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A dual-stack listener on [::] against 127.0.0.1 (kernel.md 2.2, dual_stack). */
#include "kit.h"

int main(void)
{
	unsigned port = free_port();
	struct ep ep = at("127.0.0.1", port);
	int holder = listen_on(at("::", port), 0), fd = refuse(ep, 0, EADDRINUSE);

	advised("stop_holder", "now");
	not_advised("use_other_address");
	expect("'reason': 'listener', 'culprit_holder': {'role': 'listener', 'family': 'ipv6', "
	       "'address': '::', 'blocks': true, 'overlap': 'dual_stack', "
	       "'reuseaddr_refused': 'both_lack', 'reuseport_refused': 'both_lack', "
	       "'processes': [{'pid': %d}]}",
	       getpid());
	shut(holder);
	bind_ok(fd, ep);
	return 0;
}
