/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Parent and two children have the listener open: all three are named, with who inherited it. */
#include "kit.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port());
	int holder = listen_on(ep, 0), fd;
	struct child c[2];

	for (int i = 0; i < 2; i++) {
		if (start_child(&c[i])) {
			wait_parent(&c[i]);
			return 0;
		}
		allow(c[i].pid);
	}
	fd = refuse(ep, 0, EADDRINUSE);
	expect("'reason': 'listener', 'holder_totals': {'total': 1, 'blocking': 1}, "
	       "'culprit_holder': {'role': 'listener', "
	       "'bound_by': {'pid': %d, 'alive': true}, "
	       "'processes': [{'pid': %d, 'fd': %d, 'inherited': false}, {'pid': %d, 'fd': %d, "
	       "'inherited': true}, {'pid': %d, 'fd': %d, 'inherited': true}]}",
	       getpid(), getpid(), holder, c[0].pid, holder, c[1].pid, holder);
	shut(holder);
	end_child(&c[1]);
	end_child(&c[0]);
	bind_ok(fd, ep);
	return 0;
}
