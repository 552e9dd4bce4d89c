/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Somebody outside has the same identifier, in another network namespace. Older kernels' ping_get_port() does
 * not ask whose a socket is, and one in 64 namespaces shares its list: then another one is made.
 */
#include <sys/stat.h>

#include "kit.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port());
	struct stat ns;
	int holder, fd;

	private_net();
	set_sysctl("ipv4/ping_group_range", "0 0");
	bound_on(ep, PING);
	do {
		private_net();
		set_sysctl("ipv4/ping_group_range", "0 0");
		holder = new_socket(ep, PING);
	} while (bind(holder, &ep.sa, ep.len) && errno == EADDRINUSE);
	must(!stat("/proc/self/ns/net", &ns), "stat failed");
	fd = refuse(ep, PING, EADDRINUSE);
	advised("stop_holder", "now");
	expect("'reason': 'ident_in_use', 'process': {'netns': %lu}, "
	       "'holder_totals': {'total': 1, 'blocking': 1}, "
	       "'culprit_holder': {'role': 'ping', 'processes': [{'pid': %d, 'fd': %d}]}",
	       (unsigned long)ns.st_ino, getpid(), holder);
	expect_more();
	shut(holder);
	bind_ok(fd, ep);
	return 0;
}
