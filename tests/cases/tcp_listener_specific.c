/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The wildcard is asked for, one specific address is taken (kernel.md 2.2, new_wildcard). */
#include "kit.h"

int main(void)
{
	unsigned port = free_port();
	struct ep ep = at("0.0.0.0", port);
	int holder = listen_on(at("127.0.0.1", port), RA), fd = refuse(ep, RA, EADDRINUSE);

	advised("stop_holder", "now");
	advised("use_other_address", "now");
	not_advised("set_reuseaddr");
	expect("'reason': 'listener', 'holder_totals': {'total': 1, 'blocking': 1}, "
	       "'culprit_holder': {'role': 'listener', 'address': '127.0.0.1', 'port': %u, "
	       "'blocks': true, 'overlap': 'new_wildcard', 'reuseaddr_refused': 'holder_listens', "
	       "'processes': [{'pid': %d}]}",
	       port, getpid());
	bind_ok(new_socket(ep, 0), at("127.0.0.2", port));
	shut(holder);
	bind_ok(new_socket(ep, 0), at("127.0.0.1", port));
	shut(fd);
	return 0;
}
