/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Two have the identifier before somebody who would share it comes; one of them would not. */
#include "kit.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port());
	int sharing, holder, fd, off = 0;

	private_net();
	set_sysctl("ipv4/ping_group_range", "0 0");
	sharing = bound_on(ep, PING | RA);
	holder = bound_on(ep, PING | RA);
	must(!setsockopt(holder, SOL_SOCKET, SO_REUSEADDR, &off, sizeof(off)), "no option");
	fd = refuse(ep, PING | RA, EADDRINUSE);
	advised("stop_holder", "now");
	not_advised_now("set_reuseaddr");
	expect("'reason': 'ident_in_use', 'holder_totals': {'total': 2, 'blocking': 1}, "
	       "'culprit_holder': {'role': 'ping', 'blocks': true, 'reuse_address': false, "
	       "'reuseaddr_refused': 'holder_lacks', 'processes': [{'pid': %d, 'fd': %d}]}, "
	       "'holders': [{'blocks': false, 'processes': [{'fd': %d}]}]",
	       getpid(), holder, sharing);
	shut(holder);
	bind_ok(fd, ep);
	return 0;
}
