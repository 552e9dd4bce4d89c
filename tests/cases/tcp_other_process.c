/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The listener is another process: that one is named, and stopping it frees the port (kernel.md
 * 2.1).
 */
#include "kit_servers.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port());
	struct child c;
	int fd;

	start_holder(&c, listen_on, ep, 0);
	allow(c.pid);
	fd = refuse(ep, 0, EADDRINUSE);
	advised("stop_holder", "now");
	expect("'reason': 'listener', 'culprit_holder': {'role': 'listener', 'blocks': true, "
	       "'processes': [{'pid': %d, 'comm': '%s', 'inherited': false}], "
	       "'bound_by': {'pid': %d, 'comm': '%s', 'alive': true}}",
	       c.pid, own_comm(), c.pid, own_comm());
	end_child(&c);
	bind_ok(fd, ep);
	return 0;
}
