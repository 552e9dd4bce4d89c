/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A DNS server has the port; both sockets are plain (kernel.md 2.5). UDP tells nobody who bound it, so
 * the process that has it open is all there is to say.
 */
#include "kit_servers.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port());
	struct child c;
	int fd;

	start_holder(&c, bound_on, ep, UDP);
	allow(c.pid);
	fd = refuse(ep, UDP, EADDRINUSE);
	advised("stop_holder", "now");
	not_advised_now("set_reuseaddr");
	not_advised("wait");
	expect("'reason': 'udp_in_use', 'frees_in_s': null, "
	       "'holder_totals': {'total': 1, 'blocking': 1, 'blocking_lasting': 1}, "
	       "'culprit_holder': {'role': 'udp', 'state': 'close', 'protocol': 'udp', "
	       "'address': '127.0.0.1', 'port': %u, 'blocks': true, 'overlap': 'same_address', "
	       "'reuseaddr_refused': 'both_lack', 'reuseport_refused': 'both_lack', "
	       "'processes': [{'pid': %d, 'comm': '%s'}]}",
	       port_of(ep), c.pid, own_comm());
	end_child(&c);
	bind_ok(fd, ep);
	return 0;
}
