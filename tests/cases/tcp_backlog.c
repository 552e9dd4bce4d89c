/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A connection nobody has accepted yet is on the port beside its listener; it is no orphan
 * (kernel.md 2.0).
 */
#include "kit.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port());
	int holder = listen_on(ep, 0), fd, client = connect_to(ep);

	await_state(port_of(ep), TCP_ESTABLISHED, 1);
	fd = refuse(ep, 0, EADDRINUSE);
	advised("stop_holder", "now");
	not_advised("set_reuseaddr");
	expect("'reason': 'listener', 'holder_totals': {'total': 2, 'blocking': 2}, "
	       "'holders': [{'role': 'listener', 'blocks': true, "
	       "'processes': [{'pid': %d}]}, {'role': 'accepted', 'state': 'established', "
	       "'blocks': true, 'peer_port': %u}]",
	       getpid(), local_port(client));
	shut(holder); /* resets the connection */
	await_gone(port_of(ep));
	bind_ok(fd, ep);
	return 0;
}
