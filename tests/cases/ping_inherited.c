/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The program that bound it has exited, its child has the socket still. */
#include "kit.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port());
	struct child c;
	int holder, fd;

	private_net();
	set_sysctl("ipv4/ping_group_range", "0 0");
	holder = bound_on(ep, PING);
	if (start_child(&c)) {
		signal_parent(&c);
		wait_parent(&c);
		return 0;
	}
	wait_child(&c);
	shut(holder);
	disallow_self();
	allow(c.pid);
	fd = refuse(ep, PING, EADDRINUSE);
	advised("stop_holder", "now");
	expect("'reason': 'ident_in_use', "
	       "'culprit_holder': {'role': 'ping', 'processes': [{'pid': %d, 'fd': %d}]}",
	       c.pid, holder);
	end_child(&c);
	bind_ok(fd, ep);
	return 0;
}
