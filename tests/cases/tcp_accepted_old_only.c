/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The living connection has SO_REUSEADDR from its listener: the asker only lacks it itself. */
#include "kit.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port());
	struct conn c = lone_connection(ep, RA);
	int fd = refuse(ep, 0, EADDRINUSE);

	advised("stop_holder", "now");
	advised("set_reuseaddr", "now");
	expect("'reason': 'accepted_connection', "
	       "'culprit_holder': {'role': 'accepted', 'state': 'established', 'blocks': true, "
	       "'reuse_address': true, 'reuseaddr_refused': 'new_lacks', "
	       "'reuseport_refused': 'both_lack', "
	       "'processes': [{'pid': %d, 'fd': %d}]}",
	       getpid(), c.server);
	set_option(fd, RA);
	bind_ok(fd, ep);
	return 0;
}
