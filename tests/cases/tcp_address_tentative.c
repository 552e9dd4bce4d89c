/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* An IPv6 address that the kernel is still asking around for (kernel.md 1.1 row 11). */
#include "kit_net.h"

#ifndef IPV6_FREEBIND
#define IPV6_FREEBIND 78 /* linux/in6.h, which does not go with netinet/in.h */
#endif

int main(void)
{
	struct ep ep = at("2001:db8::77", free_port());
	int fd, second, one = 1;

	private_net();
	veth_pair("bt0", "bt1");
	set_sysctl("ipv6/conf/bt0/dad_transmits", "3"); /* a second each */
	set_link("bt0", true);
	set_link("bt1", true);
	add_address("bt0", "2001:db8::77");
	fd = refuse(ep, 0, EADDRNOTAVAIL);
	advised("wait", "after_wait");
	advised("set_freebind", "now");
	advised("skip_dad", "next_restart");
	not_advised("add_address");
	expect("'reason': 'address_tentative', 'layer': 'address', 'address_state': 'tentative', "
	       "'address_device': 'bt0', 'address_carrier': true");
	second = new_socket(ep, 0);
	must(!setsockopt(second, IPPROTO_IPV6, IPV6_FREEBIND, &one, sizeof(one)),
	     "IPV6_FREEBIND failed");
	bind_ok(second, ep);
	shut(second);
	await_address("2001:db8::77");
	bind_ok(fd, ep);
	return 0;
}
