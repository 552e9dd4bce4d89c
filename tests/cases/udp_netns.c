/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Both are in a network namespace of their own; the same port outside is somebody else's, though UDP has
 * one table for all namespaces (kernel.md 3.2).
 */
#include <sys/stat.h>

#include "kit.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port());
	struct stat ns;
	int holder, fd;

	bound_on(ep, UDP);
	private_net();
	must(!stat("/proc/self/ns/net", &ns), "stat failed");
	holder = bound_on(ep, UDP);
	fd = refuse(ep, UDP, EADDRINUSE);
	advised("stop_holder", "now");
	expect("'reason': 'udp_in_use', 'process': {'netns': %lu}, "
	       "'holder_totals': {'total': 1, 'blocking': 1}, "
	       "'culprit_holder': {'role': 'udp', 'blocks': true, "
	       "'processes': [{'pid': %d, 'fd': %d}]}",
	       (unsigned long)ns.st_ino, getpid(), holder);
	shut(holder);
	bind_ok(fd, ep);
	return 0;
}
