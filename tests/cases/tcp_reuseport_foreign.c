/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The listener shares its port, but with its own user only: SO_REUSEPORT would not help root
 * (kernel.md 2.1).
 */
#include "kit.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port());
	int holder = new_socket_as(1000, ep, RP), fd;

	bind_ok(holder, ep);
	listen_ok(holder);
	allow(getpid());
	fd = refuse(ep, 0, EADDRINUSE);
	not_advised("set_reuseaddr");
	not_advised_now("set_reuseport");
	expect("'culprit_holder': {'role': 'listener', 'blocks': true, 'uid': 1000, "
	       "'reuse_port': true, 'reuseport_refused': 'new_lacks', "
	       "'processes': [{'pid': %d}]}",
	       getpid());
	set_option(fd, RP);
	bind_refused(fd, ep, EADDRINUSE);
	advised("same_user", "now");
	expect("'reason': 'reuseport_uid', 'culprit_holder': {'reuseport_refused': 'uid_differs'}");
	shut(holder);
	bind_ok(fd, ep);
	return 0;
}
