/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Another process serves the file, with connections that have its name too. */
#include "kit.h"

int main(void)
{
	struct ep ep = beside("app.sock");
	struct child c;
	int fd;

	if (start_child(&c)) {
		int listener = listen_on(ep, 0), client = connect_to(ep);

		accept_from(listener);
		signal_parent(&c);
		wait_parent(&c);
		shut(client);
		return 0;
	}
	wait_child(&c);
	allow(c.pid);
	fd = refuse(ep, 0, EADDRINUSE);
	advised("stop_holder", "now");
	expect("'reason': 'unix_path_live', 'culprit_holder': {'role': 'unix', 'state': 'listen', "
	       "'processes': [{'pid': %d, 'comm': '%s'}]}, 'holder_totals': {'total': 1}",
	       c.pid, own_comm());
	end_child(&c);
	must(!unlink(ep.un.sun_path), "unlink failed");
	bind_ok(fd, ep);
	return 0;
}
