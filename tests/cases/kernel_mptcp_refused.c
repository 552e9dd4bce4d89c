/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * An endpoint of MPTCP with a port is added, for which the kernel makes a listener of its own, in the
 * task that asks for it: a process listens there.
 */
#include "kit_mptcp.h"

int main(void)
{
	struct ep ep;
	int holder;

	private_net();
	ep = at("127.0.0.1", free_port());
	holder = listen_on(ep, MPTCP);
	must(add_endpoint(ep) == -EADDRINUSE, "the endpoint had to be refused with EADDRINUSE");
	remember("bind", holder, ep, EADDRINUSE);
	if (!is_seen("kernel_binders")) {
		expect_quiet();
		return 0;
	}
	advised("stop_holder", "now");
	expect("'reason': 'listener', 'socket': {'kernel': true}, "
	       "'culprit_holder': {'role': 'listener', 'blocks': true, 'kernel': null, "
	       "'processes': [{'pid': %d, 'fd': %d}]}",
	       getpid(), holder);
	shut(holder);
	must(!add_endpoint(ep), "the endpoint was refused, it had to be made");
	return 0;
}
