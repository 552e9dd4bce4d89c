/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The server is gone, but a child it forked still has the listening socket open. */
#include "kit_servers.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port());
	struct child server;
	pid_t worker_pid = orphan_worker(&server, listen_on, ep, 0);
	int fd;

	allow(worker_pid);
	allow(server.pid);
	fd = refuse(ep, 0, EADDRINUSE);
	advised("stop_holder", "now");
	not_advised("set_reuseaddr");
	not_advised("wait");
	expect("'reason': 'listener', 'culprit_holder': {'role': 'listener', 'blocks': true, "
	       "'processes': [{'pid': %d, 'inherited': true}], "
	       "'bound_by': {'pid': %d, 'alive': false}}",
	       worker_pid, server.pid);
	end_worker(&server, worker_pid);
	bind_ok(fd, ep);
	return 0;
}
