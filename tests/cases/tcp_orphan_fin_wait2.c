/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * TCP_LINGER2 beyond 60 s: for the excess it is a whole socket without a process, FIN_WAIT2
 * (kernel.md 5).
 */
#include "kit.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port());
	struct conn c = lone_connection(ep, 0);
	int seconds = 110, fd;

	must(!setsockopt(c.server, IPPROTO_TCP, TCP_LINGER2, &seconds, sizeof(seconds)),
	     "TCP_LINGER2 failed");
	shut(c.server);
	await_state(port_of(ep), TCP_FIN_WAIT2, 1);
	fd = refuse(ep, 0, EADDRINUSE);
	advised("use_other_port", "now");
	not_advised("stop_holder");
	not_advised_now("set_reuseaddr");
	expect("'reason': 'orphan', 'frees_in_s': null, "
	       "'holder_totals': {'total': 1, 'blocking': 1}, "
	       "'culprit_holder': {'role': 'orphan', 'state': 'fin_wait2', "
	       "'address': '127.0.0.1', 'peer_port': %u, 'blocks': true, "
	       "'overlap': 'same_address', 'reuseaddr_refused': 'both_lack', "
	       "'reuseport_refused': 'both_lack', "
	       "'processes': []}",
	       c.peer_port);
	bind_ok(fd, with_port(ep, free_port()));
	return 0;
}
