/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* ::ffff:127.0.0.1 is 127.0.0.1 by another name (kernel.md 2.2). */
#include "kit.h"

int main(void)
{
	unsigned port = free_port();
	struct ep ep = at("::ffff:127.0.0.1", port);
	int holder = listen_on(at("127.0.0.1", port), 0), fd = refuse(ep, 0, EADDRINUSE);

	advised("stop_holder", "now");
	not_advised_now("set_v6only");
	expect("'reason': 'listener', 'culprit_holder': {'role': 'listener', 'family': 'ipv4', "
	       "'address': '127.0.0.1', 'blocks': true, 'overlap': 'same_address', "
	       "'reuseaddr_refused': 'both_lack', 'reuseport_refused': 'both_lack', "
	       "'processes': [{'pid': %d}]}",
	       getpid());
	shut(holder);
	bind_ok(fd, ep);
	return 0;
}
