/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The same port outside is somebody else's, though SCTP has one table for all namespaces. */
#include <sys/stat.h>

#include "kit.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port());
	struct stat ns;
	int holder, fd;

	listen_on(ep, SCTP);
	private_net();
	must(!stat("/proc/self/ns/net", &ns), "stat failed");
	holder = listen_on(ep, SCTP);
	fd = refuse(ep, SCTP, EADDRINUSE);
	advised("stop_holder", "now");
	expect("'reason': 'listener', 'process': {'netns': %lu}, "
	       "'holder_totals': {'total': 1, 'blocking': 1}, "
	       "'culprit_holder': {'blocks': true, 'processes': [{'pid': %d, 'fd': %d}]}",
	       (unsigned long)ns.st_ino, getpid(), holder);
	shut(holder);
	bind_ok(fd, ep);
	return 0;
}
