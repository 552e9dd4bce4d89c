/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The holder would share the port by SO_REUSEADDR: unlike with TCP that helps at once (kernel.md 2.5).
 */
#include "kit.h"

int main(void)
{
	struct ep ep = at("0.0.0.0", free_port());
	int holder = bound_on(ep, UDP | RA), fd = refuse(ep, UDP, EADDRINUSE);

	advised("set_reuseaddr", "now");
	not_advised("set_reuseport");
	expect("'reason': 'udp_in_use', "
	       "'culprit_holder': {'role': 'udp', 'blocks': true, 'reuse_address': true, "
	       "'reuseaddr_refused': 'new_lacks', 'reuseport_refused': 'both_lack', "
	       "'processes': [{'pid': %d, 'fd': %d}]}",
	       getpid(), holder);
	set_option(fd, RA);
	bind_ok(fd, ep);
	return 0;
}
