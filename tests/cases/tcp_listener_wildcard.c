/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A listener on 0.0.0.0 has every address, so 127.0.0.1 too (kernel.md 2.2, holder_wildcard). */
#include "kit.h"

int main(void)
{
	unsigned port = free_port();
	struct ep ep = at("127.0.0.1", port);
	int holder = listen_on(at("0.0.0.0", port), RA), fd = refuse(ep, RA, EADDRINUSE);

	advised("stop_holder", "now");
	advised("use_other_port", "now");
	not_advised("set_reuseaddr");
	not_advised("use_other_address");
	expect("'reason': 'listener', 'culprit_holder': {'role': 'listener', "
	       "'address': '0.0.0.0', 'port': %u, 'blocks': true, 'overlap': 'holder_wildcard', "
	       "'reuseaddr_refused': 'holder_listens', "
	       "'processes': [{'pid': %d}]}",
	       port, getpid());
	shut(holder);
	bind_ok(fd, ep);
	return 0;
}
