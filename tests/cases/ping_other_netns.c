/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Before 6.18 ping_get_port() meets a socket of another network namespace, when the two namespaces move their
 * identifiers to the same of 64 lists (ping_hashfn). Where none of so many does, the kernel asks whose it is.
 */
#include "kit.h"

enum { NAMESPACES = 400 };

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port());
	int holder, fd = -1, r = 0;

	private_net();
	set_sysctl("ipv4/ping_group_range", "0 0");
	holder = bound_on(ep, PING);
	for (int i = 0; i < NAMESPACES && !r; i++) {
		private_net();
		set_sysctl("ipv4/ping_group_range", "0 0");
		fd = new_socket(ep, PING);
		r = bind(fd, &ep.sa, ep.len);
		if (!r)
			shut(fd);
	}
	if (!r) {
		expect_quiet();
		return 0;
	}
	must(errno == EADDRINUSE, "an error that was not foreseen");
	remember("bind", fd, ep, EADDRINUSE);
	advised("stop_holder", "now");
	expect("'reason': 'ident_in_use', 'holder_totals': {'total': 1, 'blocking': 1}, "
	       "'culprit_holder': {'role': 'ping', 'processes': [{'pid': %d, 'fd': %d}]}",
	       getpid(), holder);
	shut(holder);
	bind_ok(fd, ep);
	return 0;
}
