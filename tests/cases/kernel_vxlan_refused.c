/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A vxlan device is brought up, for which the kernel binds a UDP socket of its own, in the task that
 * asks for the device: a process has the port.
 */
#include "kit_link.h"

int main(void)
{
	struct ep ep;
	int holder;

	private_net();
	ep = at("0.0.0.0", free_port());
	holder = bound_on(ep, UDP);
	must(add_vxlan("vx0", port_of(ep)) == -EADDRINUSE, "vxlan had to fail with EADDRINUSE");
	remember("bind", holder, ep, EADDRINUSE);
	if (!is_seen("kernel_binders")) {
		expect_quiet();
		return 0;
	}
	advised("stop_holder", "now");
	not_advised("set_reuseaddr"); /* nobody can, on the kernel's socket */
	expect("'reason': 'udp_in_use', 'via': null, 'socket': {'kernel': true}, 'culprit_holder': "
	       "{'role': 'udp', "
	       "'blocks': true, 'kernel': null, 'processes': [{'pid': %d, 'fd': %d}]}",
	       getpid(), holder);
	shut(holder);
	must(!add_vxlan("vx0", port_of(ep)), "vxlan was refused, it had to succeed");
	return 0;
}
