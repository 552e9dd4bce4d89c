/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Both set SO_REUSEPORT but the sockets are two users'; root is not exempt (kernel.md 2.5).
 */
#include "kit.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port());
	int holder = new_socket_as(1000, ep, UDP | RP), fd;

	bind_ok(holder, ep);
	allow(getpid());
	fd = refuse(ep, UDP | RP, EADDRINUSE);
	advised("same_user", "now");
	not_advised_now("set_reuseaddr");
	not_advised("set_reuseport");
	expect("'reason': 'reuseport_uid', 'socket': {'uid': 0}, "
	       "'culprit_holder': {'role': 'udp', 'blocks': true, 'uid': 1000, "
	       "'reuse_port': true, 'reuseaddr_refused': 'both_lack', "
	       "'reuseport_refused': 'uid_differs', "
	       "'processes': [{'pid': %d, 'fd': %d}]}",
	       getpid(), holder);
	shut(fd);
	bind_ok(new_socket_as(1000, ep, UDP | RP), ep);
	return 0;
}
