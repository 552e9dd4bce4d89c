/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A server on 0.0.0.0 restarts: the connection's TIME_WAIT has the specific address (kernel.md
 * 2.2).
 */
#include "kit.h"

int main(void)
{
	unsigned port = free_port();
	struct ep any = at("0.0.0.0", port), local = at("127.0.0.1", port);
	int listener = listen_on(any, 0), fd;
	struct conn c = connection(listener, local);

	shut(listener);
	time_wait_of(c, port, 1);
	fd = refuse(any, 0, EADDRINUSE);
	advised("wait", "after_wait");
	advised("set_reuseaddr", "next_restart");
	advised("use_other_address", "now");
	not_advised_now("set_reuseaddr");
	expect("'reason': 'time_wait', 'frees_in_s': {'min': 45, 'max': 66}, "
	       "'culprit_holder': {'role': 'time_wait', 'address': '127.0.0.1', 'peer_port': %u, "
	       "'blocks': true, 'overlap': 'new_wildcard', 'reuseaddr_refused': 'both_lack', "
	       "'reuseport_refused': 'both_lack'}",
	       c.peer_port);
	bind_ok(fd, at("127.0.0.2", port));
	return 0;
}
