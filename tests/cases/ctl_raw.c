/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Raw sockets have no ports: one that takes TCP's packets is in nobody's way, nor is one of its own kind. */
#include "kit.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", IPPROTO_TCP);
	int fd;

	private_net();
	fd = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_TCP);
	must(fd >= 0, "socket failed");
	bind_ok(fd, ep);
	listen_on(ep, 0);
	bind_ok(new_socket(ep, RAW), ep);
	bind_ok(new_socket(ep, RAW), ep);
	expect_quiet();
	return 0;
}
