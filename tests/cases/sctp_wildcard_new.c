/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The wildcard asked for includes the one address that is held. */
#include "kit.h"

int main(void)
{
	unsigned port = free_port();
	struct ep ep = at("0.0.0.0", port);
	int holder = listen_on(at("127.0.0.2", port), SCTP), fd = refuse(ep, SCTP, EADDRINUSE);

	advised("use_other_address", "now");
	expect("'reason': 'listener', 'culprit_holder': {'address': '127.0.0.2', "
	       "'blocks': true, 'overlap': 'new_wildcard', "
	       "'processes': [{'pid': %d, 'fd': %d}]}",
	       getpid(), holder);
	bind_ok(fd, at("127.0.0.1", port));
	return 0;
}
