/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A socket that is bound to one address wants another one, which is held; its own is not in its way. */
#include "kit.h"

int main(void)
{
	unsigned port = free_port();
	struct ep own = at("127.0.0.1", port), more = at("127.0.0.2", port);
	int holder = listen_on(more, SCTP), fd = bound_on(own, SCTP);

	bindx_refused(fd, &more, 1, EADDRINUSE);
	advised("stop_holder", "now");
	expect("'reason': 'listener', 'holder_totals': {'total': 1, 'blocking': 1}, "
	       "'culprit_holder': {'address': '127.0.0.2', 'blocks': true, "
	       "'processes': [{'pid': %d, 'fd': %d}]}",
	       getpid(), holder);
	shut(holder);
	bindx_ok(fd, &more, 1);
	return 0;
}
