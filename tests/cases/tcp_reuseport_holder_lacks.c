/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The asker says SO_REUSEPORT, the listener was started without (kernel.md 2.1). */
#include "kit.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port());
	int holder = listen_on(ep, 0), fd = refuse(ep, RP, EADDRINUSE);

	advised("set_reuseport", "next_restart");
	not_advised("set_reuseaddr");
	not_advised_now("set_reuseport");
	expect("'reason': 'reuseport_one_sided', "
	       "'culprit_holder': {'role': 'listener', 'blocks': true, 'reuse_port': false, "
	       "'reuseaddr_refused': 'both_lack', 'reuseport_refused': 'holder_lacks', "
	       "'processes': [{'pid': %d}]}",
	       getpid());
	shut(holder);
	listen_on(ep, RP); /* the holder, restarted with it */
	bind_ok(fd, ep);
	return 0;
}
