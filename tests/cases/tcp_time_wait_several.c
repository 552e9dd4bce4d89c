/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Five connections were closed by the server; the port frees with the last of them (kernel.md
 * 5).
 */
#include "kit.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port());
	int listener = listen_on(ep, 0), fd;

	for (int i = 1; i <= 5; i++)
		time_wait_of(connection(listener, ep), port_of(ep), i);
	shut(listener);
	fd = refuse(ep, 0, EADDRINUSE);
	advised("wait", "after_wait");
	advised("set_reuseaddr", "next_restart");
	not_advised_now("set_reuseaddr");
	expect("'reason': 'time_wait', 'frees_in_s': {'min': 45, 'max': 66}, "
	       "'holder_totals': {'total': 5, 'blocking': 5}, "
	       "'culprit_holder': {'role': 'time_wait', 'blocks': true, "
	       "'reuseaddr_refused': 'both_lack', 'reuseport_refused': 'both_lack'}");
	bind_ok(fd, with_port(ep, free_port()));
	return 0;
}
