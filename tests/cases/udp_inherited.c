/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The server is gone, but a child it forked still has the socket open (scenarios.md 6).
 */
#include <sys/prctl.h>
#include <sys/wait.h>

#include "kit.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port());
	struct child server, worker;
	pid_t worker_pid;
	int fd, pids[2];

	must(!pipe(pids) && !prctl(PR_SET_CHILD_SUBREAPER, 1), "pipe or prctl failed");
	if (start_child(&server)) {
		bound_on(ep, UDP);
		if (start_child(&worker)) {
			signal_parent(&server);
			wait_parent(&server);
			return 0;
		}
		must(write(pids[1], &worker.pid, sizeof(pid_t)) == sizeof(pid_t), "write failed");
		_exit(0);
	}
	wait_child(&server);
	must(read(pids[0], &worker_pid, sizeof(pid_t)) == sizeof(pid_t), "read failed");
	must(waitpid(server.pid, NULL, 0) == server.pid, "waitpid failed");
	allow(worker_pid);
	fd = refuse(ep, UDP, EADDRINUSE);
	advised("stop_holder", "now");
	expect("'reason': 'udp_in_use', 'culprit_holder': {'role': 'udp', 'blocks': true, "
	       "'processes': [{'pid': %d}]}",
	       worker_pid);
	close(server.to); /* the worker reads the end of its pipe */
	must(waitpid(worker_pid, NULL, 0) == worker_pid, "waitpid failed");
	bind_ok(fd, ep);
	return 0;
}
