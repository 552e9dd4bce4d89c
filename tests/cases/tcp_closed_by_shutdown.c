/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * shutdown(SHUT_WR) in one process sent the FIN; another one's close() came long after it
 * (kernel.md 5).
 */
#include "kit.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port());
	int listener = listen_on(ep, 0), fd;
	struct conn c = connection(listener, ep);
	struct child first;

	if (start_child(&first)) {
		must(!shutdown(c.server, SHUT_WR), "shutdown failed");
		return 0;
	}
	shut(listener);
	end_child(&first);
	await_eof(c.client);
	shut(c.client);
	await_eof(c.server);
	shut(c.server);
	await_state(port_of(ep), TCP_TIME_WAIT, 1);
	allow(first.pid);
	fd = refuse(ep, 0, EADDRINUSE);
	advised("wait", "after_wait");
	expect("'reason': 'time_wait', 'frees_in_s': {'min': 45, 'max': 66}, "
	       "'holder_totals': {'total': 1, 'blocking': 1}, "
	       "'culprit_holder': {'role': 'time_wait', 'blocks': true, "
	       "'reuseaddr_refused': 'both_lack', 'reuseport_refused': 'both_lack', "
	       "'time_wait': {'closed_by': {'pid': %d, 'alive': false}}}",
	       first.pid);
	bind_ok(fd, with_port(ep, free_port()));
	return 0;
}
