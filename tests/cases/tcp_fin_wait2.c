/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Closed here, not by the peer: a FIN_WAIT2 mini-socket, for TCP_LINGER2's 4 s (kernel.md 5). */
#include "kit.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port());
	struct conn c = lone_connection(ep, 0);
	int seconds = 4, fd;

	must(!setsockopt(c.server, IPPROTO_TCP, TCP_LINGER2, &seconds, sizeof(seconds)),
	     "TCP_LINGER2 failed");
	shut(c.server);
	await_mini(port_of(ep), TCP_FIN_WAIT2);
	fd = refuse(ep, 0, EADDRINUSE);
	advised("wait", "after_wait");
	advised("use_other_port", "now");
	not_advised_now("set_reuseaddr");
	expect("'reason': 'fin_wait2', 'frees_in_s': {'min': 0, 'max': 5.5}, "
	       "'holder_totals': {'total': 1, 'blocking': 1}, "
	       "'culprit_holder': {'role': 'fin_wait2', 'address': '127.0.0.1', 'peer_port': %u, "
	       "'blocks': true, 'reuseaddr_refused': 'both_lack', "
	       "'reuseport_refused': 'both_lack', "
	       "'time_wait': {'timer_left_s': {'min': 0, 'max': 5}, 'closed_by': {'pid': %d}}}",
	       c.peer_port, getpid());
	await_gone(port_of(ep));
	bind_ok(fd, ep);
	return 0;
}
