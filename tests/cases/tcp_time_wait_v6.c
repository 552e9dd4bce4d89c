/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The classic over IPv6 (kernel.md 2.1, 5). */
#include "kit.h"

int main(void)
{
	struct ep ep = at("::1", free_port());
	unsigned peer = time_wait(ep, 0);
	int fd = refuse(ep, 0, EADDRINUSE);

	advised("wait", "after_wait");
	advised("set_reuseaddr", "next_restart");
	not_advised_now("set_reuseaddr");
	expect("'reason': 'time_wait', 'frees_in_s': {'min': 45, 'max': 66}, "
	       "'holder_totals': {'total': 1, 'blocking': 1}, "
	       "'culprit_holder': {'role': 'time_wait', 'family': 'ipv6', 'address': '::1', "
	       "'peer_address': '::1', 'peer_port': %u, 'blocks': true, "
	       "'overlap': 'same_address', 'reuseaddr_refused': 'both_lack', "
	       "'reuseport_refused': 'both_lack', "
	       "'time_wait': {'timer_left_s': {'min': 40, 'max': 60.1}, 'closed_by': {'pid': %d}}}",
	       peer, getpid());
	bind_ok(fd, with_port(ep, free_port()));
	return 0;
}
