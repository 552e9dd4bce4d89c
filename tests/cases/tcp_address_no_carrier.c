/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* ... and which it cannot ask for before the link is there. */
#include "kit_net.h"

int main(void)
{
	struct ep ep = at("2001:db8::77", free_port());
	int fd;

	private_net();
	veth_pair("bt0", "bt1");
	set_link("bt0", true);
	add_address("bt0", "2001:db8::77");
	fd = refuse(ep, 0, EADDRNOTAVAIL);
	advised("bring_up", "now");
	advised("set_freebind", "now");
	not_advised("wait");
	expect("'reason': 'address_tentative', 'address_state': 'tentative', "
	       "'address_device': 'bt0', 'address_carrier': false");
	set_link("bt1", true);
	await_address("2001:db8::77");
	bind_ok(fd, ep);
	return 0;
}
