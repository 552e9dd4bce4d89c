/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* One-to-many sockets, which have all their associations on one descriptor. */
#include "kit.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port());
	int holder = listen_on(ep, MANY), fd = refuse(ep, MANY, EADDRINUSE);

	advised("stop_holder", "now");
	expect("'reason': 'listener', 'holder_totals': {'total': 1, 'blocking': 1}, "
	       "'culprit_holder': {'role': 'listener', 'blocks': true, "
	       "'processes': [{'pid': %d, 'fd': %d}]}",
	       getpid(), holder);
	shut(holder);
	bind_ok(fd, ep);
	return 0;
}
