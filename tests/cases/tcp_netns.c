/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Both are in a network namespace of their own; its lo is not the machine's. */
#include <sys/stat.h>

#include "kit.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port());
	struct stat ns;
	int holder, fd;

	private_net();
	must(!stat("/proc/self/ns/net", &ns), "stat failed");
	holder = listen_on(ep, 0);
	fd = refuse(ep, 0, EADDRINUSE);
	advised("stop_holder", "now");
	expect("'reason': 'listener', 'process': {'netns': %lu}, "
	       "'culprit_holder': {'role': 'listener', 'blocks': true, "
	       "'processes': [{'pid': %d}]}, 'holder_totals': {'total': 1, 'blocking': 1}",
	       (unsigned long)ns.st_ino, getpid());
	shut(holder);
	bind_ok(fd, ep);
	return 0;
}
