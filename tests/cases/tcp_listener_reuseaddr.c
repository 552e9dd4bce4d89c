/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Both set SO_REUSEADDR, but it never helps against a socket that listens (kernel.md 2.1). */
#include "kit.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port());
	int holder = listen_on(ep, RA), fd = refuse(ep, RA, EADDRINUSE);

	advised("stop_holder", "now");
	advised("use_other_port", "now");
	not_advised("set_reuseaddr");
	not_advised_now("set_reuseport");
	expect("'reason': 'listener', 'frees_in_s': null, "
	       "'culprit_holder': {'role': 'listener', 'state': 'listen', 'blocks': true, "
	       "'overlap': 'same_address', 'reuse_address': true, "
	       "'reuseaddr_refused': 'holder_listens', 'reuseport_refused': 'both_lack', "
	       "'processes': [{'pid': %d}]}",
	       getpid());
	shut(holder);
	bind_ok(fd, ep);
	return 0;
}
