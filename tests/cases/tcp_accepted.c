/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The listener is closed, its connection is not: a worker still serves it. */
#include "kit.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port());
	struct child worker;
	int client, fd;

	if (start_child(&worker)) {
		int listener = listen_on(ep, 0), server;

		signal_parent(&worker);
		server = accept_from(listener);
		shut(listener);
		signal_parent(&worker);
		wait_parent(&worker);
		await_eof(server); /* the client closes first: no TIME_WAIT here */
		return 0;
	}
	wait_child(&worker);
	allow(worker.pid);
	client = connect_to(ep);
	wait_child(&worker);
	fd = refuse(ep, 0, EADDRINUSE);
	advised("stop_holder", "now");
	advised("set_reuseaddr", "next_restart");
	not_advised("wait");
	not_advised_now("set_reuseaddr");
	expect("'reason': 'accepted_connection', 'frees_in_s': null, "
	       "'holder_totals': {'total': 1, 'blocking': 1}, "
	       "'culprit_holder': {'role': 'accepted', 'state': 'established', "
	       "'address': '127.0.0.1', 'peer_port': %u, 'blocks': true, "
	       "'reuseaddr_refused': 'both_lack', 'reuseport_refused': 'both_lack', "
	       "'processes': [{'pid': %d}]}",
	       local_port(client), worker.pid);
	shut(client);
	end_child(&worker);
	await_gone(port_of(ep));
	bind_ok(fd, ep);
	return 0;
}
