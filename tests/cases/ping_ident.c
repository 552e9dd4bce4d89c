/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Another program has the ICMP identifier, and both have turned off SO_REUSEADDR, which ping sockets are
 * born with (ping_get_port, kernel.md 1.2 PING_IDENT).
 */
#include "kit_servers.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port());
	struct child c;
	int fd;

	private_net();
	set_sysctl("ipv4/ping_group_range", "0 0");
	start_holder(&c, bound_on, ep, PING);
	allow(c.pid);
	fd = refuse(ep, PING, EADDRINUSE);
	advised("stop_holder", "now");
	advised("use_other_port", "now");
	not_advised_now("set_reuseaddr");
	not_advised("set_reuseport");
	not_advised("wait");
	expect("'reason': 'ident_in_use', 'frees_in_s': null, 'coverage': {'holders': 'files'}, "
	       "'holder_totals': {'total': 1, 'blocking': 1, 'blocking_lasting': 1}, "
	       "'culprit_holder': {'role': 'ping', 'protocol': 'icmp', 'family': 'ipv4', "
	       "'address': '127.0.0.1', 'port': %u, 'blocks': true, "
	       "'reuseaddr_refused': 'both_lack', 'processes': [{'pid': %d, 'comm': '%s'}]}",
	       port_of(ep), c.pid, own_comm());
	bind_ok(new_socket(ep, PING), with_port(ep, 0));
	end_child(&c);
	bind_ok(fd, ep);
	return 0;
}
