/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A server and its child have the socket open; the port is free when both have let go. */
#include "kit.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port());
	int holder = listen_on(ep, SCTP), fd;
	struct child c;

	if (start_child(&c)) {
		signal_parent(&c);
		wait_parent(&c);
		return 0;
	}
	wait_child(&c);
	allow(c.pid);
	fd = refuse(ep, SCTP, EADDRINUSE);
	advised("stop_holder", "now");
	expect("'reason': 'listener', 'holder_totals': {'total': 1, 'blocking': 1}, "
	       "'culprit_holder': {'role': 'listener', "
	       "'processes': [{'pid': %d, 'fd': %d}, {'pid': %d, 'fd': %d}]}",
	       getpid(), holder, c.pid, holder);
	shut(holder);
	end_child(&c);
	bind_ok(fd, ep);
	return 0;
}
