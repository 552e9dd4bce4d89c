/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A client that is connected keeps its source port as any other socket does: by then on one address
 * (kernel.md 2.5).
 */
#include "kit.h"

static int connect_to_udp(struct ep ep)
{
	int fd = new_socket(ep, UDP);

	must(!connect(fd, &ep.sa, ep.len), "connect of a UDP socket failed");
	return fd;
}

int main(void)
{
	struct ep peer = at("127.0.0.1", free_port()), ep;
	int server = bound_on(peer, UDP), client = connect_to_udp(peer), fd;

	ep = at("127.0.0.1", local_port(client));
	allow(getpid());
	fd = refuse(ep, UDP, EADDRINUSE);
	advised("stop_holder", "now");
	expect("'reason': 'udp_in_use', 'holder_totals': {'total': 1, 'blocking': 1}, "
	       "'culprit_holder': {'role': 'udp', 'state': 'established', 'blocks': true, "
	       "'address': '127.0.0.1', 'peer_address': '127.0.0.1', 'peer_port': %u, "
	       "'processes': [{'pid': %d, 'fd': %d}]}",
	       port_of(peer), getpid(), client);
	shut(client);
	bind_ok(fd, ep);
	shut(server);
	return 0;
}
