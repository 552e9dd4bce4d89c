/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A listener and 200 TIME_WAIT on its port, all with SO_REUSEADDR: only the listener is in the
 * way (kernel.md 2.1).
 */
#include "kit.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port());
	int holder = listen_on(ep, RA), fd;

	time_waits(holder, ep, 200);
	fd = refuse(ep, RA, EADDRINUSE);
	advised("stop_holder", "now");
	not_advised("set_reuseaddr");
	not_advised("wait");
	expect("'reason': 'listener', 'frees_in_s': null, "
	       "'holder_totals': {'total': 201, 'blocking': 1, 'truncated': false}, "
	       "'culprit_holder': {'role': 'listener', 'blocks': true, "
	       "'reuseaddr_refused': 'holder_listens', "
	       "'processes': [{'pid': %d, 'fd': %d}]}",
	       getpid(), holder);
	shut(holder);
	bind_ok(fd, ep);
	return 0;
}
