/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A stream socket cannot be bound to a multicast address of IPv6 (kernel.md 1.1 row 4); one of IPv4 it can. */
#include "kit.h"

int main(void)
{
	struct ep ep = at("ff0e::77", free_port());

	refuse(ep, 0, EINVAL);
	advised("use_other_address", "now");
	not_advised("set_scope");
	expect("'reason': 'multicast_address', 'layer': 'arguments'");
	bind_ok(new_socket(ep, UDP), ep);
	bind_ok(new_socket(ep, 0), at("::", port_of(ep)));
	return 0;
}
