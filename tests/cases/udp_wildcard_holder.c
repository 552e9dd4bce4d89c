/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The holder has 0.0.0.0, and with it every address (kernel.md 2.2).
 */
#include "kit.h"

int main(void)
{
	unsigned port = free_port();
	struct ep ep = at("127.0.0.1", port);
	int holder = bound_on(at("0.0.0.0", port), UDP), fd = refuse(ep, UDP, EADDRINUSE);

	advised("stop_holder", "now");
	not_advised("use_other_address");
	expect("'reason': 'udp_in_use', "
	       "'culprit_holder': {'role': 'udp', 'blocks': true, 'address': '0.0.0.0', "
	       "'overlap': 'holder_wildcard', 'processes': [{'pid': %d, 'fd': %d}]}",
	       getpid(), holder);
	shut(holder);
	bind_ok(fd, ep);
	return 0;
}
