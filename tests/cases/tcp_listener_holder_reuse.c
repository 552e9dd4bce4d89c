/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Only the listener set SO_REUSEADDR; setting it here too would change nothing (kernel.md 2.1). */
#include "kit.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port());
	int holder = listen_on(ep, RA), fd = refuse(ep, 0, EADDRINUSE);

	advised("stop_holder", "now");
	not_advised("set_reuseaddr");
	expect("'reason': 'listener', 'culprit_holder': {'role': 'listener', 'blocks': true, "
	       "'reuse_address': true, 'reuseaddr_refused': 'new_lacks', "
	       "'reuseport_refused': 'both_lack', "
	       "'processes': [{'pid': %d}]}",
	       getpid());
	set_option(fd, RA);
	bind_refused(fd, ep, EADDRINUSE);
	not_advised("set_reuseaddr");
	expect("'reason': 'listener', 'culprit_holder': {'reuseaddr_refused': 'holder_listens'}");
	shut(holder);
	bind_ok(fd, ep);
	return 0;
}
