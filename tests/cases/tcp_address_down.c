/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The IPv6 address of an interface that is down and keeps its addresses. */
#include "kit_net.h"

int main(void)
{
	struct ep ep = at("2001:db8::77", free_port());
	int fd;

	private_net();
	veth_pair("bt0", "bt1");
	set_sysctl("ipv6/conf/bt0/keep_addr_on_down", "1");
	set_link("bt0", true);
	set_link("bt1", true);
	add_address("bt0", "2001:db8::77");
	await_address("2001:db8::77");
	set_link("bt0", false);
	fd = refuse(ep, 0, EADDRNOTAVAIL);
	advised("bring_up", "now");
	not_advised("add_address");
	expect("'reason': 'address_not_local', 'address_state': 'down', 'address_device': 'bt0'");
	set_link("bt0", true);
	await_address("2001:db8::77");
	bind_ok(fd, ep);
	return 0;
}
