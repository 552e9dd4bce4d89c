/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A listener and 200 TIME_WAIT, all in the way: the listener must be stopped first (kernel.md
 * 2.1).
 */
#include "kit.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port());
	int holder = listen_on(ep, RA), fd;

	time_waits(holder, ep, 200);
	fd = refuse(ep, 0, EADDRINUSE);
	advised("stop_holder", "now");
	not_advised_now("set_reuseaddr");
	expect("'reason': 'listener', 'frees_in_s': null, "
	       "'holder_totals': {'total': 201, 'blocking': 201, 'truncated': false}, "
	       "'holders': [{'role': 'listener', 'blocks': true, "
	       "'processes': [{'pid': %d}]}, {'role': 'time_wait', 'blocks': true, "
	       "'reuseaddr_refused': 'new_lacks'}]",
	       getpid());
	shut(holder);
	set_option(fd, RA);
	bind_ok(fd, ep);
	return 0;
}
