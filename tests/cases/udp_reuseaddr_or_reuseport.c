/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * One has SO_REUSEADDR, the other SO_REUSEPORT: they do not mix. Whichever the new
 * socket adds to its own, it then has what the holder has.
 */
#include "kit.h"

int main(void)
{
	unsigned port = free_port();
	struct ep ep = at("0.0.0.0", port);
	int holder = bound_on(ep, UDP | RA), fd = refuse(ep, UDP | RP, EADDRINUSE);

	advised("set_reuseaddr", "now");
	not_advised("set_reuseport");
	expect("'reason': 'udp_in_use', "
	       "'culprit_holder': {'role': 'udp', 'blocks': true, 'reuse_address': true, "
	       "'reuse_port': false, 'reuseaddr_refused': 'new_lacks', "
	       "'reuseport_refused': 'holder_lacks', "
	       "'processes': [{'pid': %d, 'fd': %d}]}",
	       getpid(), holder);
	set_option(fd, RA);
	bind_ok(fd, ep);
	shut(fd);
	shut(holder);

	holder = bound_on(ep, UDP | RP);
	fd = refuse(ep, UDP | RA, EADDRINUSE);
	advised("set_reuseport", "now");
	not_advised_now("set_reuseaddr");
	expect("'reason': 'udp_in_use', "
	       "'culprit_holder': {'reuseaddr_refused': 'holder_lacks', "
	       "'reuseport_refused': 'new_lacks'}");
	set_option(fd, RP);
	bind_ok(fd, ep);
	return 0;
}
