/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The holder has SO_REUSEADDR as the kernel gave it, the new socket has turned it off. */
#include "kit.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port());
	int holder, fd;

	private_net();
	set_sysctl("ipv4/ping_group_range", "0 0");
	holder = bound_on(ep, PING | RA);
	fd = refuse(ep, PING, EADDRINUSE);
	advised("set_reuseaddr", "now");
	advised("stop_holder", "now");
	expect("'reason': 'ident_in_use', "
	       "'culprit_holder': {'role': 'ping', 'blocks': true, 'reuse_address': true, "
	       "'reuseaddr_refused': 'new_lacks', 'processes': [{'pid': %d, 'fd': %d}]}",
	       getpid(), holder);
	set_option(fd, RA);
	bind_ok(fd, ep);
	return 0;
}
