/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Two workers share the port by SO_REUSEPORT, the new socket did not ask to (kernel.md 2.5).
 */
#include "kit.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port());
	int first = bound_on(ep, UDP | RP), second = bound_on(ep, UDP | RP);
	int fd = refuse(ep, UDP, EADDRINUSE);

	advised("set_reuseport", "now");
	not_advised("set_reuseaddr");
	expect("'reason': 'udp_in_use', 'holder_totals': {'total': 2, 'blocking': 2}, "
	       "'culprit_holder': {'role': 'udp', 'blocks': true, 'reuse_port': true, "
	       "'reuseport_refused': 'new_lacks', 'processes': [{'pid': %d, 'fd': %d}]}, "
	       "'holders': [{'processes': [{'pid': %d, 'fd': %d}]}]",
	       getpid(), second, getpid(), first);
	set_option(fd, RP);
	bind_ok(fd, ep);
	return 0;
}
