/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The holder is bound to lo, the new socket to dummy0. Since 6.2 two devices do not meet; before that
 * SCTP does not look at them, and the holder is in the way.
 */
#include <net/if.h>

#include "kit.h"

int main(void)
{
	struct ep ep = at("0.0.0.0", free_port());
	int holder = bound_on(ep, SCTP | ON_LO), fd = new_socket(ep, SCTP);

	if (!if_nametoindex("dummy0"))
		skip("there is no dummy0");
	must(!setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, "dummy0", 7), "binding to it failed");
	if (!bind(fd, &ep.sa, ep.len)) {
		expect_quiet();
		return 0;
	}
	must(errno == EADDRINUSE, "an error that was not foreseen");
	remember("bind", fd, ep, EADDRINUSE);
	advised("stop_holder", "now");
	expect("'reason': 'bound_not_listening', 'culprit_holder': {'blocks': true, "
	       "'overlap': 'both_wildcard', 'processes': [{'pid': %d, 'fd': %d}]}",
	       getpid(), holder);
	shut(holder);
	bind_ok(fd, ep);
	return 0;
}
