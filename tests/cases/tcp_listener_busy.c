/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A server with a connection: both block, and it is the listener that has to be stopped
 * (kernel.md 2.0).
 */
#include "kit.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port());
	int holder = listen_on(ep, 0), fd;
	struct conn c = connection(holder, ep);

	fd = refuse(ep, 0, EADDRINUSE);
	advised("stop_holder", "now");
	not_advised_now("set_reuseaddr");
	not_advised_now("wait");
	expect("'reason': 'listener', 'frees_in_s': null, "
	       "'holder_totals': {'total': 2, 'blocking': 2}, "
	       "'holders': [{'role': 'listener', 'blocks': true, "
	       "'processes': [{'pid': %d, 'fd': %d}]}, {'role': 'accepted', "
	       "'state': 'established', 'blocks': true, 'peer_port': %u}]",
	       getpid(), holder, c.peer_port);
	shut(holder);
	shut(c.client); /* it closes first: no TIME_WAIT here */
	await_eof(c.server);
	shut(c.server);
	await_gone(port_of(ep));
	bind_ok(fd, ep);
	return 0;
}
