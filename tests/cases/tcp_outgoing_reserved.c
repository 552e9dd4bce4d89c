/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* An outgoing connection on the wanted port; reserved, connect() would have picked another. */
#include "kit.h"

int main(void)
{
	struct ep server = at("127.0.0.1", free_port()), any;
	struct linger at_once = { 1, 0 };
	int fd, client;
	char text[16];

	private_net();
	set_sysctl("ipv4/ip_local_port_range", "30000 30001");
	listen_on(server, 0);
	client = connect_to(server);
	any = at("0.0.0.0", local_port(client));
	fd = refuse(any, 0, EADDRINUSE);
	advised("reserve_port", "next_restart");
	not_advised_now("set_reuseaddr");
	expect("'reason': 'outgoing_connection', "
	       "'culprit_holder': {'role': 'outgoing', 'state': 'established', "
	       "'address': '127.0.0.1', 'blocks': true, 'overlap': 'new_wildcard', "
	       "'reuseaddr_refused': 'both_lack', 'reuseport_refused': 'both_lack', "
	       "'processes': [{'pid': %d, 'fd': %d}], "
	       "'bound_by': {'pid': %d}}",
	       getpid(), client, getpid());
	must(!setsockopt(client, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once)),
	     "SO_LINGER failed");
	shut(client);
	snprintf(text, sizeof(text), "%u", port_of(any));
	set_sysctl("ipv4/ip_local_reserved_ports", text);
	must(local_port(connect_to(server)) != port_of(any), "connect() took the reserved port");
	bind_ok(fd, any);
	return 0;
}
