/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A socket is bound and never listened: ss and /proc/net/tcp do not show it. */
#include "kit_servers.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port());
	struct child c;
	int fd;

	start_holder(&c, bound_on, ep, 0);
	allow(c.pid);
	fd = refuse(ep, 0, EADDRINUSE);
	advised("stop_holder", "now");
	not_advised_now("set_reuseaddr");
	not_advised_now("wait");
	expect("'reason': 'bound_not_listening', 'frees_in_s': null, "
	       "'holder_totals': {'total': 1, 'blocking': 1}, "
	       "'culprit_holder': {'role': 'bound', 'state': 'close', 'address': '127.0.0.1', "
	       "'port': %u, 'blocks': true, 'overlap': 'same_address', "
	       "'reuseaddr_refused': 'both_lack', 'reuseport_refused': 'both_lack', "
	       "'processes': [{'pid': %d}]}",
	       port_of(ep), c.pid);
	end_child(&c);
	bind_ok(fd, ep);
	return 0;
}
