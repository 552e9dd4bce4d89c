/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The port was some client's source port, and the client closed first. */
#include "kit.h"

int main(void)
{
	struct ep server = at("127.0.0.1", free_port()), ep;
	int listener = listen_on(server, 0), fd;
	struct conn c = connection(listener, server);

	disallow_self();
	shut(listener);
	shut(c.client);
	await_eof(c.server);
	shut(c.server);
	await_state(c.peer_port, TCP_TIME_WAIT, 1);
	allow(getpid());
	ep = with_port(server, c.peer_port);
	fd = refuse(ep, RA, EADDRINUSE);
	advised("wait", "after_wait");
	advised("use_other_port", "now");
	not_advised_now("set_reuseaddr");
	expect("'reason': 'time_wait', 'frees_in_s': {'min': 45, 'max': 66}, "
	       "'culprit_holder': {'role': 'time_wait', 'blocks': true, 'port': %u, "
	       "'peer_port': %u, 'reuseaddr_refused': 'holder_lacks', "
	       "'reuseport_refused': 'both_lack', "
	       "'time_wait': {'closed_by': {'pid': %d}}}",
	       c.peer_port, port_of(server), getpid());
	bind_ok(fd, with_port(ep, free_port()));
	return 0;
}
