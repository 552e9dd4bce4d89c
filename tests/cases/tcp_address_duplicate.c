/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* An IPv6 address that a neighbour has: duplicate address detection fails, and it never becomes usable. */
#include "kit_net.h"

int main(void)
{
	struct ep ep = at("2001:db8::77", free_port());

	private_net();
	veth_pair("bt0", "bt1");
	set_link("bt0", true);
	set_link("bt1", true);
	add_address("bt1", "2001:db8::77");
	await_address("2001:db8::77");
	add_address("bt0", "2001:db8::77");
	await_duplicate("2001:db8::77");
	set_link("bt1", false);
	refuse(ep, 0, EADDRNOTAVAIL);
	advised("add_address", "now");
	not_advised("wait");
	expect("'reason': 'address_duplicate', 'layer': 'address', 'address_state': 'duplicate', "
	       "'address_device': 'bt0'");
	add_address("bt0", "2001:db8::78");
	await_address("2001:db8::78");
	bind_ok(new_socket(ep, 0), at("2001:db8::78", port_of(ep)));
	return 0;
}
