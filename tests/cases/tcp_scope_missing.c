/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A link-local address says nothing without its interface (kernel.md 1.1 row 10). */
#include "kit_net.h"

int main(void)
{
	struct ep ep = at("fe80::77", free_port());
	int fd;

	private_net();
	fd = refuse(ep, 0, EINVAL);
	advised("set_scope", "now");
	expect("'reason': 'scope_missing', 'layer': 'arguments'");
	add_address("lo", "fe80::77");
	await_address("fe80::77");
	ep.in6.sin6_scope_id = 1; /* lo is 1 in every namespace */
	bind_ok(fd, ep);
	return 0;
}
