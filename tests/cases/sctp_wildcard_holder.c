/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The holder's wildcard includes the address asked for. */
#include "kit.h"

int main(void)
{
	unsigned port = free_port();
	struct ep ep = at("127.0.0.1", port);
	int holder = listen_on(at("0.0.0.0", port), SCTP), fd = refuse(ep, SCTP, EADDRINUSE);

	advised("stop_holder", "now");
	not_advised("use_other_address");
	expect("'reason': 'listener', 'culprit_holder': {'address': '0.0.0.0', "
	       "'blocks': true, 'overlap': 'holder_wildcard', "
	       "'processes': [{'pid': %d, 'fd': %d}]}",
	       getpid(), holder);
	shut(holder);
	bind_ok(fd, ep);
	return 0;
}
