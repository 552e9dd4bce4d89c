/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Both want every IPv4 address (kernel.md 2.2, both_wildcard). */
#include "kit.h"

int main(void)
{
	struct ep ep = at("0.0.0.0", free_port());
	int holder = listen_on(ep, 0), fd = refuse(ep, 0, EADDRINUSE);

	advised("stop_holder", "now");
	not_advised("use_other_address");
	not_advised("set_reuseaddr");
	expect("'reason': 'listener', 'culprit_holder': {'role': 'listener', "
	       "'address': '0.0.0.0', 'blocks': true, 'overlap': 'both_wildcard', "
	       "'reuseaddr_refused': 'both_lack', 'reuseport_refused': 'both_lack', "
	       "'processes': [{'pid': %d}]}",
	       getpid());
	shut(holder);
	bind_ok(fd, ep);
	return 0;
}
