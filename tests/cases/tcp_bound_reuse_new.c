/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Only the asker has SO_REUSEADDR: the bound socket lacks it (kernel.md 2.1). */
#include "kit.h"

int main(void)
{
	struct ep ep = at("0.0.0.0", free_port());
	int holder = bound_on(ep, 0), fd = refuse(ep, RA, EADDRINUSE);

	advised("stop_holder", "now");
	not_advised_now("set_reuseaddr");
	expect("'reason': 'bound_not_listening', "
	       "'culprit_holder': {'role': 'bound', 'state': 'close', 'blocks': true, "
	       "'overlap': 'both_wildcard', 'reuseaddr_refused': 'holder_lacks', "
	       "'reuseport_refused': 'both_lack', "
	       "'processes': [{'pid': %d, 'fd': %d}]}",
	       getpid(), holder);
	shut(holder);
	bind_ok(fd, ep);
	return 0;
}
