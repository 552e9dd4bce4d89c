/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* listen() on a datagram socket (kernel.md 1.3). */
#include "kit.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port());
	int fd = bound_on(ep, UDP);

	listen_refused(fd, ep, EOPNOTSUPP);
	advised("fix_arguments", "now");
	not_advised("stop_holder");
	expect("'reason': 'cannot_listen', 'layer': 'arguments', 'holders': null");
	listen_on(ep, 0);
	return 0;
}
