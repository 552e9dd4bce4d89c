/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * UDP-Lite has a table of its own: the UDP socket on the same port is not the holder (kernel.md 1.5).
 */
#include "kit.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port());
	int holder = bound_on(ep, UDPLITE), fd;

	bound_on(ep, UDP);
	fd = refuse(ep, UDPLITE, EADDRINUSE);
	advised("stop_holder", "now");
	expect("'reason': 'udp_in_use', 'holder_totals': {'total': 1, 'blocking': 1}, "
	       "'culprit_holder': {'role': 'udp', 'protocol': 'udplite', 'blocks': true, "
	       "'processes': [{'pid': %d, 'fd': %d}]}",
	       getpid(), holder);
	shut(holder);
	bind_ok(fd, ep);
	return 0;
}
