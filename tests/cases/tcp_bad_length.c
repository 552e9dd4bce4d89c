/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The address is shorter than a struct sockaddr_in (kernel.md 1.1 row 1). */
#include "kit.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port()), cut = ep;
	int fd;

	cut.len = 8;
	fd = refuse(cut, 0, EINVAL);
	advised("fix_arguments", "now");
	expect("'reason': 'bad_length', 'layer': 'arguments'");
	bind_ok(fd, ep);
	return 0;
}
