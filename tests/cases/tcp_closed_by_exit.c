/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The server closed nothing, it just ended: exit() sent the FIN (kernel.md 5). */
#include "kit.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port());
	struct child c;
	int client, fd;

	if (start_child(&c)) {
		int listener = listen_on(ep, 0), server;

		signal_parent(&c);
		server = accept_from(listener);
		must(server >= 0, "accept failed");
		_exit(0);
	}
	wait_child(&c);
	allow(c.pid);
	client = connect_to(ep);
	end_child(&c);
	await_eof(client);
	shut(client);
	await_state(port_of(ep), TCP_TIME_WAIT, 1);
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
	       "'comm': '%s', 'alive': false}}}",
	       c.pid, own_comm());
	bind_ok(fd, with_port(ep, free_port()));
	return 0;
}
