/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A link-local address of another interface than the one that is named. */
#include <net/if.h>

#include "kit_net.h"

int main(void)
{
	struct ep ep = at("fe80::77", free_port());
	int fd;

	private_net();
	veth_pair("bt0", "bt1");
	set_link("bt0", true);
	set_link("bt1", true);
	add_address("bt0", "fe80::77");
	await_address("fe80::77");
	ep.in6.sin6_scope_id = if_nametoindex("bt1");
	fd = refuse(ep, 0, EADDRNOTAVAIL);
	advised("set_scope", "now");
	expect("'reason': 'address_not_local', 'address_state': 'elsewhere', "
	       "'address_device': 'bt0'");
	ep.in6.sin6_scope_id = if_nametoindex("bt0");
	bind_ok(fd, ep);
	return 0;
}
