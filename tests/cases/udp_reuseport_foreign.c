/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The holder shares its port by SO_REUSEPORT, but with its own user only: root is not promised that it
 * helps (kernel.md 2.5).
 */
#include "kit.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port());
	int holder = new_socket_as(1000, ep, UDP | RP), fd;

	bind_ok(holder, ep);
	allow(getpid());
	fd = refuse(ep, UDP, EADDRINUSE);
	advised("stop_holder", "now");
	not_advised_now("set_reuseaddr");
	not_advised_now("set_reuseport");
	expect("'reason': 'udp_in_use', 'culprit_holder': {'role': 'udp', 'blocks': true, "
	       "'uid': 1000, 'reuse_port': true, 'reuseport_refused': 'new_lacks', "
	       "'processes': [{'pid': %d, 'fd': %d}]}",
	       getpid(), holder);
	set_option(fd, RP);
	bind_refused(fd, ep, EADDRINUSE);
	advised("same_user", "now");
	expect("'reason': 'reuseport_uid', 'culprit_holder': {'reuseport_refused': 'uid_differs'}");
	shut(holder);
	bind_ok(fd, ep);
	return 0;
}
