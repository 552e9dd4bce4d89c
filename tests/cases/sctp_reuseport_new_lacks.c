/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The holder would share the port by SO_REUSEPORT. */
#include "kit.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port());
	int holder = listen_on(ep, SCTP | RP), fd = refuse(ep, SCTP, EADDRINUSE);

	advised("set_reuseport", "now");
	expect("'reason': 'reuseport_one_sided', 'culprit_holder': {'role': 'listener', "
	       "'blocks': true, 'reuseport_refused': 'new_lacks', "
	       "'processes': [{'pid': %d, 'fd': %d}]}",
	       getpid(), holder);
	set_option(fd, RP);
	bind_ok(fd, ep);
	return 0;
}
