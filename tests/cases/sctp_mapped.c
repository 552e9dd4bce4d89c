/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* An IPv4 address on an IPv6 socket, whether it is written so or mapped, is told mapped. */
#include "kit.h"

int main(void)
{
	unsigned port = free_port();
	struct ep ep = at("::ffff:127.0.0.1", port), four = at("127.0.0.1", port);
	int holder = new_socket(ep, SCTP), fd;

	bind_ok(holder, four);
	allow(getpid());
	fd = refuse(ep, SCTP, EADDRINUSE);
	advised("stop_holder", "now");
	expect("'reason': 'bound_not_listening', 'culprit_holder': {'family': 'ipv6', "
	       "'address': '::ffff:127.0.0.1', 'blocks': true, 'overlap': 'same_address', "
	       "'processes': [{'pid': %d, 'fd': %d}]}",
	       getpid(), holder);
	must(bind(fd, &four.sa, four.len) && errno == EADDRINUSE, "no EADDRINUSE");
	remember("bind", fd, ep, EADDRINUSE);
	expect("'reason': 'bound_not_listening', 'culprit_holder': {'overlap': 'same_address'}");
	shut(holder);
	bind_ok(fd, four);
	return 0;
}
