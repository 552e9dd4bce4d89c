/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * An IPv6 socket is given a struct sockaddr_in: 16 bytes where at least 24 are needed (kernel.md
 * 1.1 row 1).
 */
#include "kit.h"

int main(void)
{
	struct ep ep = at("::1", free_port()), cut = ep;
	int fd;

	cut.len = sizeof(struct sockaddr_in);
	fd = refuse(cut, 0, EINVAL);
	advised("fix_arguments", "now");
	expect("'reason': 'bad_length', 'layer': 'arguments'");
	bind_ok(fd, ep);
	return 0;
}
