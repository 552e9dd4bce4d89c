/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Between the refusal and the look at the open files the holder goes and another program gets the identifier:
 * it was not in the way, and is not named.
 */
#include "kit_servers.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port());
	struct child holder, next;
	int fd;

	private_net();
	set_sysctl("ipv4/ping_group_range", "0 0");
	if (start_child(&next)) {
		wait_parent(&next);
		bound_on(ep, PING);
		signal_parent(&next);
		wait_parent(&next);
		return 0;
	}
	start_holder(&holder, bound_on, ep, PING);
	allow(holder.pid);
	fd = new_socket(ep, PING);
	must(bind(fd, &ep.sa, ep.len) && errno == EADDRINUSE, "no EADDRINUSE");
	end_child(&holder);
	signal_child(&next);
	wait_child(&next);
	remember("bind", fd, ep, EADDRINUSE);
	expect("'reason': 'ident_in_use'");
	end_child(&next);
	bind_ok(fd, ep);
	return 0;
}
