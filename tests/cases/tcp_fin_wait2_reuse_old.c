/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A FIN_WAIT2 mini-socket with SO_REUSEADDR; the asker only lacks it itself (kernel.md 2.1, 5). */
#include "kit.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port());
	struct conn c = lone_connection(ep, RA);
	int fd;

	shut(c.server);
	await_mini(port_of(ep), TCP_FIN_WAIT2);
	fd = refuse(ep, 0, EADDRINUSE);
	advised("wait", "after_wait");
	advised("set_reuseaddr", "now");
	expect("'reason': 'fin_wait2', 'frees_in_s': {'min': 40, 'max': 66}, "
	       "'culprit_holder': {'role': 'fin_wait2', 'blocks': true, 'reuse_address': true, "
	       "'reuseaddr_refused': 'new_lacks', 'reuseport_refused': 'both_lack'}");
	set_option(fd, RA);
	bind_ok(fd, ep);
	return 0;
}
