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
	expect("'reason': 'udp_in_use', 'holder_totals': {'total': 2, 'blocking': 2}, "
	       "'culprit_holder': {'address': '127.0.0.2', 'processes': [{'pid': %d}]}, "
	       "'holders': [{'address': '127.0.0.1', 'processes': [{'pid': %d}]}], "
	       "'advice': [{'action': 'stop_holder', 'effective': 'now', "
	       "'command': 'kill %d; kill %d'}, "
	       "{'action': 'use_other_address', 'effective': 'now'}]",
	       c[1].pid, c[0].pid, c[1].pid, c[0].pid);
	end_child(&c[1]);
	end_child(&c[0]);
	bind_ok(fd, ep);
	return 0;
}
