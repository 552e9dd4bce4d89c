/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The asker has SO_REUSEADDR, the living connection's listener had not. */
#include "kit.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port());
	struct conn c = lone_connection(ep, 0);
	int fd = refuse(ep, RA, EADDRINUSE);

	advised("stop_holder", "now");
	advised("set_reuseaddr", "next_restart");
	not_advised_now("set_reuseaddr");
	expect("'reason': 'accepted_connection', "
	       "'culprit_holder': {'role': 'accepted', 'state': 'established', 'blocks': true, "
	       "'reuseaddr_refused': 'holder_lacks', 'reuseport_refused': 'both_lack', "
	       "'processes': [{'pid': %d, 'fd': %d}]}",
	       getpid(), c.server);
	shut(c.client);
	await_eof(c.server);
	shut(c.server);
	await_gone(port_of(ep));
	bind_ok(fd, ep);
	return 0;
}
