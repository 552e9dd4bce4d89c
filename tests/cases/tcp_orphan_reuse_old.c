/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* An orphan with SO_REUSEADDR; the asker only lacks it itself (kernel.md 2.1). */
#include "kit.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port());
	struct conn c = lone_connection(ep, RA);
	int fd;

	fill(c.server);
	shut(c.server);
	await_state(port_of(ep), TCP_FIN_WAIT1, 1);
	fd = refuse(ep, 0, EADDRINUSE);
	advised("set_reuseaddr", "now");
	not_advised("stop_holder");
	expect("'reason': 'orphan', 'culprit_holder': {'role': 'orphan', 'state': 'fin_wait1', "
	       "'blocks': true, 'reuse_address': true, 'reuseaddr_refused': 'new_lacks', "
	       "'reuseport_refused': 'both_lack', "
	       "'processes': []}");
	set_option(fd, RA);
	bind_ok(fd, ep);
	return 0;
}
