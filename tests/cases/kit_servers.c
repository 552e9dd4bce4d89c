/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Servers that several cases need in the same way, and what is told of them when they have gone. */
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "kit_servers.h"

void start_holder(struct child *c, int (*hold)(struct ep ep, unsigned options), struct ep ep,
		  unsigned options)
{
	if (!start_child(c)) {
		wait_child(c);
		return;
	}
	hold(ep, options);
	signal_parent(c);
	wait_parent(c);
	exit(0);
}

pid_t orphan_worker(struct child *server, int (*hold)(struct ep ep, unsigned options), struct ep ep,
		    unsigned options)
{
	struct child worker;
	pid_t pid;
	int pids[2];

	must(!pipe(pids) && !prctl(PR_SET_CHILD_SUBREAPER, 1), "pipe or prctl failed");
	if (start_child(server)) {
		hold(ep, options);
		if (start_child(&worker)) {
			signal_parent(server);
			wait_parent(server);
			exit(0);
		}
		must(write(pids[1], &worker.pid, sizeof(pid)) == sizeof(pid), "write failed");
		_exit(0);
	}
	wait_child(server);
	must(read(pids[0], &pid, sizeof(pid)) == sizeof(pid), "read failed");
	must(waitpid(server->pid, NULL, 0) == server->pid, "waitpid failed");
	return pid;
}

void end_worker(struct child *server, pid_t worker)
{
	close(server->to); /* the worker reads the end of its pipe */
	must(waitpid(worker, NULL, 0) == worker, "waitpid failed");
}

/* ---- a group of SO_REUSEPORT that is full */

enum { ROOM = 32768, FILES = ROOM / 2 + 100 };

static int hold_half(struct ep ep, unsigned options)
{
	int fd = -1;

	for (int i = 0; i < ROOM / 2; i++) {
		fd = new_socket(ep, options | RP);
		bind_ok(fd, ep);
		if (!(options & UDP))
			listen_ok(fd);
	}
	return fd;
}

struct ep fill_group(struct child half[2], unsigned options)
{
	struct rlimit files = { FILES, FILES };
	struct ep ep;

	must(!setrlimit(RLIMIT_NOFILE, &files), "so many open files are not allowed");
	private_net();
	ep = at("127.0.0.1", free_port());
	for (int i = 0; i < 2; i++) {
		start_holder(&half[i], hold_half, ep, options);
		allow(half[i].pid);
	}
	return ep;
}

/* ---- what is left of a connection whose server has closed it */

void refuse_in_time_wait(struct ep ep, int client, pid_t closer, bool alive)
{
	int fd;

	await_eof(client);
	shut(client);
	await_state(port_of(ep), TCP_TIME_WAIT, 1);
	allow(closer);
	fd = refuse(ep, 0, EADDRINUSE);
	advised("wait", "after_wait");
	advised("set_reuseaddr", "next_restart");
	not_advised("stop_holder");
	not_advised_now("set_reuseaddr");
	expect("'reason': 'time_wait', 'frees_in_s': {'min': 45, 'max': 66}, "
	       "'holder_totals': {'total': 1, 'blocking': 1}, "
	       "'culprit_holder': {'role': 'time_wait', 'blocks': true, "
	       "'reuseaddr_refused': 'both_lack', 'reuseport_refused': 'both_lack', "
	       "'time_wait': {'timer_left_s': {'min': 40, 'max': 60.1}, 'closed_by': {'pid': %d, "
	       "'comm': '%s', 'alive': %s}}}",
	       (int)closer, own_comm(), alive ? "true" : "false");
	bind_ok(fd, with_port(ep, free_port()));
}

void refuse_by_orphan(struct ep ep, struct conn c, const char *state)
{
	int fd = refuse(ep, 0, EADDRINUSE);

	advised("use_other_port", "now");
	not_advised("stop_holder");
	not_advised_now("set_reuseaddr");
	expect("'reason': 'orphan', 'frees_in_s': null, "
	       "'holder_totals': {'total': 1, 'blocking': 1}, "
	       "'culprit_holder': {'role': 'orphan', 'state': '%s', "
	       "'address': '127.0.0.1', 'peer_port': %u, 'blocks': true, "
	       "'overlap': 'same_address', 'reuseaddr_refused': 'both_lack', "
	       "'reuseport_refused': 'both_lack', "
	       "'processes': []}",
	       state, c.peer_port);
	bind_ok(fd, with_port(ep, free_port()));
}

void reset_orphan(struct ep ep, struct conn c)
{
	shut(c.client); /* unread data: this resets the orphan */
	await_gone(port_of(ep));
	bind_ok(new_socket(ep, 0), ep);
}
