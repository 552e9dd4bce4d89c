/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The new socket asks to share by SO_REUSEPORT, the holder did not (kernel.md 2.5).
 */
#include "kit.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port());
	int holder = bound_on(ep, UDP), fd = refuse(ep, UDP | RP, EADDRINUSE);

	advised("stop_holder", "now");
	not_advised_now("set_reuseaddr");
	not_advised_now("set_reuseport");
	expect("'reason': 'udp_in_use', "
	       "'culprit_holder': {'role': 'udp', 'blocks': true, 'reuse_port': false, "
	       "'reuseaddr_refused': 'both_lack', 'reuseport_refused': 'holder_lacks', "
	       "'processes': [{'pid': %d, 'fd': %d}]}",
	       getpid(), holder);
	shut(holder);
	bind_ok(fd, ep);
	return 0;
}
