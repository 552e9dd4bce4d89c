/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The holder has never listened, and has SO_REUSEADDR: to set it here too helps at once. */
#include "kit.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port());
	int holder = bound_on(ep, SCTP | RA), fd = refuse(ep, SCTP, EADDRINUSE);

	advised("set_reuseaddr", "now");
	advised("stop_holder", "now");
	expect("'reason': 'bound_not_listening', "
	       "'culprit_holder': {'role': 'bound', 'state': 'close', 'blocks': true, "
	       "'reuse_address': true, 'reuseaddr_refused': 'new_lacks', "
	       "'processes': [{'pid': %d, 'fd': %d}]}",
	       getpid(), holder);
	set_option(fd, RA);
	bind_ok(fd, ep);
	return 0;
}
