/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A port that only what is left of a connection has: it comes back by itself. */
#include "kit.h"

/* Ends what is left of the connection on the other side now, not in a minute. */
static void reset(int fd)
{
	struct linger at_once = { .l_onoff = 1 };

	must(!setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once)), "SO_LINGER failed");
	shut(fd);
}

int main(void)
{
	struct ep ep = at("127.0.0.1", 0), server = at("127.0.0.1", 20000);
	int fd, client, accepted, listener;
	unsigned port;

	private_net();
	set_sysctl("ipv4/ip_local_port_range", "30000 30001");
	listener = listen_on(server, 0);
	client = connect_to(server);
	port = local_port(client);
	accepted = accept_from(listener);
	shut(client);
	await_mini(port, TCP_FIN_WAIT2);
	bound_on(with_port(ep, port == 30000 ? 30001 : 30000), 0);
	fd = refuse(ep, 0, EADDRINUSE);
	advised("wait", "after_wait");
	expect("'reason': 'ephemeral_exhausted', 'frees_in_s': null, 'port_range': {'taken': 2, "
	       "'time_wait': 1, 'users': [{'pid': %d, 'ports': 1}]}",
	       getpid());
	reset(accepted);
	await_gone(port);
	bind_ok(fd, ep);
	return 0;
}
