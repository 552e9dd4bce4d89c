/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Two programs have an address each, and the wildcard meets both: stopping one is not enough, so both
 * are named (kernel.md 2.2).
 */
#include "kit.h"

int main(void)
{
	unsigned port = free_port();
	struct ep ep = at("0.0.0.0", port);
	struct child c[2];
	char command[64];
	int fd;

	for (int i = 0; i < 2; i++) {
		if (start_child(&c[i])) {
			bound_on(at(i ? "127.0.0.2" : "127.0.0.1", port), UDP);
			signal_parent(&c[i]);
			wait_parent(&c[i]);
			return 0;
		}
		wait_child(&c[i]);
		allow(c[i].pid);
	}
	fd = refuse(ep, UDP, EADDRINUSE);
	/* newest first, as the kernel's list has them; an iterator may show them in another order */
	snprintf(command, sizeof(command), ", 'command': 'kill %d; kill %d'", c[1].pid, c[0].pid);
	expect("'reason': 'udp_in_use', 'holder_totals': {'total': 2, 'blocking': 2}, "
	       "'culprit_holder': {'address': '127.0.0.2', 'processes': [{'pid': %d}]}, "
	       "'holders': [{'address': '127.0.0.1', 'processes': [{'pid': %d}]}], "
	       "'advice': [{'action': 'stop_holder', 'effective': 'now'%s}, "
	       "{'action': 'use_other_address', 'effective': 'now'}]",
	       c[1].pid, c[0].pid, looks_late() ? "" : command);
	end_child(&c[1]);
	end_child(&c[0]);
	bind_ok(fd, ep);
	return 0;
}
