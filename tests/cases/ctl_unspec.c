/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* AF_UNSPEC with 0.0.0.0 is let through by an IPv4 socket (kernel.md 1.1 row 3). */
#include "kit.h"

int main(void)
{
	struct ep ep = at("0.0.0.0", free_port());
	int fd = new_socket(ep, 0);

	ep.in.sin_family = AF_UNSPEC;
	bind_ok(fd, ep);
	expect_quiet();
	return 0;
}
