/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The plain conflict over IPv6: two sockets want ::1 (kernel.md 2.1, 2.2). */
#include "kit.h"

int main(void)
{
	struct ep ep = at("::1", free_port());
	int holder = listen_on(ep, 0), fd = refuse(ep, 0, EADDRINUSE);

	advised("stop_holder", "now");
	advised("use_other_port", "now");
	not_advised("set_reuseaddr");
	not_advised("set_v6only");
	expect("'reason': 'listener', 'frees_in_s': null, "
	       "'holder_totals': {'total': 1, 'blocking': 1}, "
	       "'culprit_holder': {'role': 'listener', 'state': 'listen', 'family': 'ipv6', "
	       "'address': '::1', 'port': %u, 'blocks': true, 'overlap': 'same_address', "
	       "'reuseaddr_refused': 'both_lack', 'reuseport_refused': 'both_lack', "
	       "'processes': [{'pid': %d}]}",
	       port_of(ep), getpid());
	shut(holder);
	bind_ok(fd, ep);
	return 0;
}
