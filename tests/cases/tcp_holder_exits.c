/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The holder ends right after the refusal: what the kernel had at that instant still names it. */
#include "kit_servers.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port());
	struct child c;
	int fd;

	if (looks_late())
		skip("this rung looks a moment after the refusal, when this holder has gone");
	start_holder(&c, listen_on, ep, 0);
	allow(c.pid);
	fd = refuse(ep, 0, EADDRINUSE);
	end_child(&c);
	expect("'reason': 'listener', 'culprit_holder': {'role': 'listener', 'state': 'listen', "
	       "'address': '127.0.0.1', 'port': %u, 'blocks': true, "
	       "'bound_by': {'pid': %d, 'comm': '%s'}}",
	       port_of(ep), c.pid, own_comm());
	bind_ok(fd, ep);
	return 0;
}
