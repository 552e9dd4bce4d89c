/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The socket in the way is the kernel's own: of a vxlan device. There is no process to stop. */
#include "kit_link.h"

int main(void)
{
	struct ep ep;
	int fd;

	private_net();
	ep = at("0.0.0.0", free_port());
	must(!add_vxlan("vx0", port_of(ep)), "vxlan was refused, it had to succeed");
	fd = refuse(ep, UDP, EADDRINUSE);
	advised("stop_kernel_use", "now");
	not_advised("stop_holder");
	not_advised("set_reuseaddr"); /* nobody can, on that one */
	expect("'reason': 'udp_in_use', 'culprit_holder': {'role': 'udp', "
	       "'blocks': true, 'kernel': true, 'processes': []}");
	delete_link("vx0");
	bind_ok(fd, ep);
	return 0;
}
