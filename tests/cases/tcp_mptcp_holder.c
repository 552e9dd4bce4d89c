/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* An MPTCP server listens: its port is in TCP's own table (kernel.md 1.5). */
#include "kit.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port());
	int holder = listen_on(ep, MPTCP), fd = refuse(ep, 0, EADDRINUSE);

	advised("stop_holder", "now");
	expect("'reason': 'listener', 'holder_totals': {'total': 1, 'blocking': 1}, "
	       "'culprit_holder': {'role': 'listener', 'state': 'listen', 'blocks': true, "
	       "'reuseaddr_refused': 'both_lack', 'reuseport_refused': 'both_lack', "
	       "'processes': [{'pid': %d, 'fd': %d}]}",
	       getpid(), holder);
	shut(holder);
	bind_ok(fd, ep);
	return 0;
}
