/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* avahi and its kin: the new program asks to share the port, the old one did not. */
#include "kit.h"

int main(void)
{
	struct ep ep = at("0.0.0.0", free_port());
	int holder = bound_on(ep, UDP), fd = refuse(ep, UDP | RA, EADDRINUSE);

	advised("stop_holder", "now");
	advised("set_reuseaddr", "next_restart");
	not_advised_now("set_reuseaddr");
	not_advised_now("set_reuseport");
	expect("'reason': 'udp_in_use', "
	       "'culprit_holder': {'role': 'udp', 'blocks': true, 'overlap': 'both_wildcard', "
	       "'reuse_address': false, 'reuseaddr_refused': 'holder_lacks', "
	       "'reuseport_refused': 'both_lack', "
	       "'processes': [{'pid': %d, 'fd': %d}]}",
	       getpid(), holder);
	shut(holder);
	bind_ok(fd, ep);
	bound_on(ep, UDP | RA);
	return 0;
}
