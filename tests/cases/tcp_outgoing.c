/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The port is the source port of somebody's outgoing connection. */
#include "kit.h"

int main(void)
{
	struct ep server = at("127.0.0.1", free_port()), ep;
	int listener = listen_on(server, 0), fd, accepted;
	struct child c;
	unsigned port;

	if (start_child(&c)) {
		connect_to(server);
		wait_parent(&c);
		return 0;
	}
	accepted = accept_from(listener);
	ep.len = sizeof(ep.in6);
	must(!getpeername(accepted, &ep.sa, &ep.len), "getpeername failed");
	port = port_of(ep);
	disallow_self();
	allow(c.pid);
	fd = refuse(ep, RA, EADDRINUSE);
	advised("reserve_port", "next_restart");
	advised("use_other_port", "now");
	not_advised_now("set_reuseaddr");
	expect("'reason': 'outgoing_connection', 'frees_in_s': null, "
	       "'holder_totals': {'total': 1, 'blocking': 1}, "
	       "'culprit_holder': {'role': 'outgoing', 'state': 'established', "
	       "'address': '127.0.0.1', 'port': %u, 'peer_port': %u, 'blocks': true, "
	       "'reuseaddr_refused': 'holder_lacks', 'reuseport_refused': 'both_lack', "
	       "'processes': [{'pid': %d}], 'bound_by': {'pid': %d}}",
	       port, port_of(server), c.pid, c.pid);
	bind_ok(fd, with_port(ep, free_port()));
	shut(accepted); /* first, so that no TIME_WAIT is left on the client's port */
	end_child(&c);
	await_gone(port);
	bind_ok(new_socket(ep, 0), ep);
	return 0;
}
