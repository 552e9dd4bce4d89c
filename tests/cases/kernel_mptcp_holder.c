/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The listener in the way is the kernel's own: of an endpoint of MPTCP, which this process asked for. */
#include "kit_mptcp.h"

int main(void)
{
	struct ep ep;
	int fd;

	private_net();
	ep = at("127.0.0.1", free_port());
	must(!add_endpoint(ep), "the endpoint was refused, it had to be made");
	allow(getpid());
	fd = refuse(ep, 0, EADDRINUSE);
	advised("stop_kernel_use", "now");
	not_advised("stop_holder");
	expect("'reason': 'listener', 'culprit_holder': {'role': 'listener', 'blocks': true, "
	       "'kernel': true, 'processes': [], 'bound_by': {'pid': %d}}",
	       getpid());
	flush_endpoints();
	await_gone(port_of(ep));
	bind_ok(fd, ep);
	return 0;
}
