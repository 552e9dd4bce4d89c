/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The listener has SO_REUSEADDR, the asker SO_REUSEPORT: they do not mix (kernel.md 2.1). */
#include "kit.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port());
	int holder = listen_on(ep, RA), fd = refuse(ep, RP, EADDRINUSE);

	not_advised("set_reuseaddr");
	not_advised_now("set_reuseport");
	expect("'reason': 'reuseport_one_sided', "
	       "'culprit_holder': {'role': 'listener', 'blocks': true, 'reuse_address': true, "
	       "'reuse_port': false, 'reuseaddr_refused': 'new_lacks', "
	       "'reuseport_refused': 'holder_lacks', "
	       "'processes': [{'pid': %d}]}",
	       getpid());
	shut(holder);
	bind_ok(fd, ep);
	return 0;
}
