/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * More than ten sockets in one list: the kernel looks in the table that is keyed by address then, the
 * asker's own first (udp_lib_get_port()). The holder on the wildcard is met last, however new it is.
 */
#include "kit.h"

int main(void)
{
	unsigned port = free_port();
	struct ep ep = at("127.0.0.1", port);
	int holder = bound_on(ep, UDP | RA), wildcard, fd;

	for (int i = 2; i < 20; i++) {
		char address[16];

		snprintf(address, sizeof(address), "127.0.0.%d", i);
		bound_on(at(address, port), UDP | RA);
	}
	wildcard = bound_on(at("0.0.0.0", port), UDP | RA);
	fd = refuse(ep, UDP, EADDRINUSE);
	advised("set_reuseaddr", "now");
	expect("'reason': 'udp_in_use', 'holder_totals': {'total': 20, 'blocking': 2}, "
	       "'culprit_holder': {'role': 'udp', 'blocks': true, 'address': '127.0.0.1', "
	       "'overlap': 'same_address', 'reuseaddr_refused': 'new_lacks', "
	       "'processes': [{'pid': %d, 'fd': %d}]}, "
	       "'holders': [{'address': '0.0.0.0', 'blocks': true, "
	       "'overlap': 'holder_wildcard', 'processes': [{'pid': %d, 'fd': %d}]}]",
	       getpid(), holder, getpid(), wildcard);
	set_option(fd, RA);
	bind_ok(fd, ep);
	return 0;
}
