/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Both set SO_REUSEPORT but the sockets are two users'. */
#include "kit.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port());
	int holder = new_socket_as(1000, ep, SCTP | RP), fd;

	bind_ok(holder, ep);
	allow(getpid());
	fd = refuse(ep, SCTP | RP, EADDRINUSE);
	advised("same_user", "now");
	expect("'reason': 'reuseport_uid', 'culprit_holder': {'blocks': true, 'uid': 1000, "
	       "'reuseport_refused': 'uid_differs', 'processes': [{'pid': %d, 'fd': %d}]}",
	       getpid(), holder);
	shut(fd);
	bind_ok(new_socket_as(1000, ep, SCTP | RP), ep);
	return 0;
}
