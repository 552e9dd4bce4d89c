/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Many ports share a list of the table, which has 2^8 to 2^16 of them: every port whose low byte is that
 * of the one asked for is taken, and only its own holder counts (udp_hashfn(), kernel.md 3.2).
 */
#include "kit.h"

int main(void)
{
	unsigned port = free_port(), sockets = 0;
	struct ep ep = at("127.0.0.1", port);
	int holder, fd;

	private_net();
	for (unsigned other = 1024 + port % 256; other < 65536; other += 256)
		if (other != port)
			bind_ok(new_socket(ep, UDP), with_port(ep, other)), sockets++;
	must(sockets == 251, "not all ports were taken");
	holder = bound_on(ep, UDP);
	for (unsigned other = 1024 + port % 256; other < 65536; other += 4096)
		if (other != port)
			bind_ok(new_socket(ep, UDP), with_port(at("127.0.0.2", 0), other));
	fd = refuse(ep, UDP, EADDRINUSE);
	advised("stop_holder", "now");
	expect("'reason': 'udp_in_use', "
	       "'holder_totals': {'total': 1, 'blocking': 1, 'truncated': false}, "
	       "'culprit_holder': {'role': 'udp', 'port': %u, 'blocks': true, "
	       "'processes': [{'pid': %d, 'fd': %d}]}",
	       port, getpid(), holder);
	shut(holder);
	bind_ok(fd, ep);
	return 0;
}
