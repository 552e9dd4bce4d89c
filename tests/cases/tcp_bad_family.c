/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* An IPv4 socket is given an IPv6 address (kernel.md 1.1 row 3). */
#include "kit.h"

int main(void)
{
	unsigned port = free_port();
	struct ep four = at("127.0.0.1", port), six = at("::1", port);
	int fd = new_socket(four, 0);

	bind_refused(fd, six, EAFNOSUPPORT);
	advised("fix_arguments", "now");
	expect("'reason': 'bad_family', 'layer': 'arguments'");
	bind_ok(fd, four);
	return 0;
}
