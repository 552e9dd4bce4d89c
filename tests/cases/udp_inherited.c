/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The server is gone, but a child it forked still has the socket open. */
#include "kit_servers.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port());
	struct child server;
	pid_t worker_pid = orphan_worker(&server, bound_on, ep, UDP);
	int fd;

	allow(worker_pid);
	fd = refuse(ep, UDP, EADDRINUSE);
	advised("stop_holder", "now");
	expect("'reason': 'udp_in_use', 'culprit_holder': {'role': 'udp', 'blocks': true, "
	       "'processes': [{'pid': %d}]}",
	       worker_pid);
	end_worker(&server, worker_pid);
	bind_ok(fd, ep);
	return 0;
}
