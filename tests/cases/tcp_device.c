/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A listener bound to lo and an asker bound to no device do meet: no device means any (kernel.md
 * 2.1).
 */
#include "kit.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port());
	int holder = listen_on(ep, ON_LO), fd = refuse(ep, 0, EADDRINUSE);

	advised("stop_holder", "now");
	expect("'reason': 'listener', 'culprit_holder': {'role': 'listener', 'blocks': true, "
	       "'bound_device': 1, 'reuseaddr_refused': 'both_lack', "
	       "'reuseport_refused': 'both_lack', "
	       "'processes': [{'pid': %d}]}",
	       getpid());
	shut(holder);
	bind_ok(fd, ep);
	return 0;
}
