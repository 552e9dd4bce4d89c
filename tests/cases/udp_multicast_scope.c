/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A multicast address of the link says nothing without its interface (kernel.md 1.1 row 10). */
#include "kit.h"

int main(void)
{
	struct ep ep = at("ff02::fb", free_port());
	int fd = refuse(ep, UDP, EINVAL);

	advised("set_scope", "now");
	expect("'reason': 'scope_missing', 'layer': 'arguments'");
	ep.in6.sin6_scope_id = 1; /* lo */
	bind_ok(fd, ep);
	return 0;
}
