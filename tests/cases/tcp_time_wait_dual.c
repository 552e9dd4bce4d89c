/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A dual-stack server served an IPv4 client: its TIME_WAIT is an IPv6 socket with a mapped
 * address (kernel.md 2.2).
 */
#include "kit.h"

int main(void)
{
	unsigned port = free_port();
	struct ep any = at("0.0.0.0", port);
	int listener = listen_on(at("::", port), 0), fd;
	struct conn c = connection(listener, at("127.0.0.1", port));

	shut(listener);
	time_wait_of(c, port, 1);
	fd = refuse(any, 0, EADDRINUSE);
	advised("wait", "after_wait");
	expect("'reason': 'time_wait', 'frees_in_s': {'min': 45, 'max': 66}, "
	       "'culprit_holder': {'role': 'time_wait', 'family': 'ipv6', "
	       "'address': '::ffff:127.0.0.1', 'peer_address': '::ffff:127.0.0.1', "
	       "'peer_port': %u, 'blocks': true, 'overlap': 'new_wildcard', "
	       "'reuseaddr_refused': 'both_lack', 'reuseport_refused': 'both_lack'}",
	       c.peer_port);
	bind_ok(fd, at("127.0.0.2", port));
	return 0;
}
