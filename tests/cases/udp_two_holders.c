/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Two sockets the new one meets; one shares by SO_REUSEPORT, the other does not. The kernel asks the
 * newest first, and that one decides (kernel.md 2.5; ctl_udp_first_decides is the other order).
 */
#include "kit.h"

int main(void)
{
	unsigned port = free_port();
	struct ep ep = at("0.0.0.0", port);
	int sharer = bound_on(at("127.0.0.1", port), UDP | RP);
	int holder = bound_on(at("127.0.0.2", port), UDP);
	int fd = refuse(ep, UDP | RP, EADDRINUSE);

	advised("stop_holder", "now");
	not_advised_now("set_reuseaddr");
	expect("'reason': 'udp_in_use', 'holder_totals': {'total': 2, 'blocking': 1}, "
	       "'culprit_holder': {'role': 'udp', 'blocks': true, 'address': '127.0.0.2', "
	       "'reuse_port': false, 'reuseport_refused': 'holder_lacks', "
	       "'processes': [{'pid': %d, 'fd': %d}]}, "
	       "'holders': [{'address': '127.0.0.1', 'blocks': false, "
	       "'processes': [{'pid': %d, 'fd': %d}]}]",
	       getpid(), holder, getpid(), sharer);
	shut(holder);
	bind_ok(fd, ep);
	return 0;
}
