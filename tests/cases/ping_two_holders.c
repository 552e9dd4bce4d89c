/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Two programs share the identifier; with each of them the new socket would have to agree. */
#include "kit_servers.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port());
	struct child c;
	int mine, fd;

	private_net();
	set_sysctl("ipv4/ping_group_range", "0 0");
	start_holder(&c, bound_on, ep, PING | RA);
	allow(c.pid);
	mine = bound_on(ep, PING | RA);
	fd = refuse(ep, PING, EADDRINUSE);
	advised("stop_holder", "now");
	advised("set_reuseaddr", "now");
	expect("'reason': 'ident_in_use', 'holder_totals': {'total': 2, 'blocking': 2}, "
	       "'holders': [{'blocks': true, 'culprit': false, 'processes': [{'pid': %d}]}, "
	       "{'blocks': true, 'culprit': false, 'processes': [{'pid': %d, 'fd': %d}]}]",
	       c.pid, getpid(), mine);
	shut(mine);
	end_child(&c);
	bind_ok(fd, ep);
	return 0;
}
