/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The same for two sockets of an ordinary user (kernel.md 2.1). */
#include "kit.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port());

	for (int i = 0; i < 2; i++) {
		int fd = new_socket_as(1000, ep, RP);

		bind_ok(fd, ep);
		listen_ok(fd);
	}
	expect_quiet();
	return 0;
}
