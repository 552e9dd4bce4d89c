/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The server closed its copy, a forked child had the connection, too, and closed last: that sent
 * the FIN.
 */
#include "kit.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port());
	int listener = listen_on(ep, 0), fd;
	struct conn c = connection(listener, ep);
	struct child last;

	if (start_child(&last)) {
		wait_parent(&last);
		shut(c.server);
		return 0;
	}
	shut(c.server);
	shut(listener);
	end_child(&last);
	await_eof(c.client);
	shut(c.client);
	await_state(port_of(ep), TCP_TIME_WAIT, 1);
	allow(last.pid);
	fd = refuse(ep, 0, EADDRINUSE);
	advised("wait", "after_wait");
	not_advised("stop_holder");
	expect("'reason': 'time_wait', 'frees_in_s': {'min': 45, 'max': 66}, "
	       "'culprit_holder': {'role': 'time_wait', 'blocks': true, "
	       "'reuseaddr_refused': 'both_lack', 'reuseport_refused': 'both_lack', "
	       "'time_wait': {'closed_by': {'pid': %d, 'alive': false}}}",
	       last.pid);
	bind_ok(fd, with_port(ep, free_port()));
	return 0;
}
