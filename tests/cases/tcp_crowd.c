/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * More TIME_WAIT than the walk goes past, none of them in the way; the listener, which is, stands behind them all. It
 * is found among the open files.
 */
#include "kit.h"

int main(void)
{
	struct ep ep;
	int holder, fd;

	private_net();
	ep = at("127.0.0.1", free_port());
	holder = listen_on(ep, RA);
	crowd(holder, ep, 8300);
	fd = refuse(ep, RA, EADDRINUSE);
	advised("stop_holder", "now");
	not_advised("set_reuseaddr");
	not_advised("wait");
	expect("'reason': 'listener', 'holder_totals': {'blocking': 1, 'listen': 1, "
	       "'truncated': true}, 'holders': [{'role': 'listener', 'blocks': true, "
	       "'reuseaddr_refused': 'holder_listens', 'processes': [{'pid': %d}]}]",
	       getpid());
	shut(holder);
	bind_ok(fd, ep);
	return 0;
}
