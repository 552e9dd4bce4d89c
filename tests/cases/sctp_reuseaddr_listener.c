/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Both have SO_REUSEADDR, which is of no use against a socket that listens. */
#include "kit.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port());
	int holder = listen_on(ep, SCTP | RA), fd = refuse(ep, SCTP | RA, EADDRINUSE);

	advised("stop_holder", "now");
	not_advised("set_reuseaddr");
	expect("'reason': 'listener', 'culprit_holder': {'role': 'listener', 'blocks': true, "
	       "'reuseaddr_refused': 'holder_listens', 'processes': [{'pid': %d, 'fd': %d}]}",
	       getpid(), holder);
	shut(holder);
	bind_ok(fd, ep);
	return 0;
}
