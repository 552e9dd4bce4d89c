/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Two programs hold one specific address each: the wildcard needs both of them gone. */
#include "kit_servers.h"

int main(void)
{
	unsigned port = free_port();
	struct ep ep = at("0.0.0.0", port);
	struct child c;
	int mine, fd;

	start_holder(&c, listen_on, at("127.0.0.2", port), SCTP);
	allow(c.pid);
	mine = listen_on(at("127.0.0.3", port), SCTP);
	fd = refuse(ep, SCTP, EADDRINUSE);
	advised("stop_holder", "now");
	advised("use_other_address", "now");
	expect("'reason': 'listener', 'holder_totals': {'total': 2, 'blocking': 2}, "
	       "'holders': [{'blocks': true, 'processes': [{'pid': %d}]}, "
	       "{'blocks': true, 'processes': [{'pid': %d, 'fd': %d}]}]",
	       c.pid, getpid(), mine);
	shut(mine);
	end_child(&c);
	bind_ok(fd, ep);
	return 0;
}
