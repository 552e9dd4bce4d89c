/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Four workers listen on one port with SO_REUSEPORT; the asker lacks it (kernel.md 2.1). */
#include "kit.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port());
	struct child c[4];
	int fd;

	for (int i = 0; i < 4; i++) {
		if (start_child(&c[i])) {
			listen_on(ep, RP);
			signal_parent(&c[i]);
			wait_parent(&c[i]);
			return 0;
		}
		wait_child(&c[i]);
		allow(c[i].pid);
	}
	fd = refuse(ep, 0, EADDRINUSE);
	advised("set_reuseport", "now");
	not_advised("set_reuseaddr");
	expect("'reason': 'reuseport_one_sided', "
	       "'holder_totals': {'total': 4, 'blocking': 4}, "
	       "'culprit_holder': {'role': 'listener', 'blocks': true, 'reuse_port': true, "
	       "'reuseport_refused': 'new_lacks'}, "
	       "'holders': [{'role': 'listener', "
	       "'processes': [{'pid': %d}]}, {'processes': [{'pid': %d}]}, "
	       "{'processes': [{'pid': %d}]}, {'processes': [{'pid': %d}]}]",
	       c[0].pid, c[1].pid, c[2].pid, c[3].pid);
	set_option(fd, RP);
	bind_ok(fd, ep);
	for (int i = 3; i >= 0; i--)
		end_child(&c[i]);
	return 0;
}
