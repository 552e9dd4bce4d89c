/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* There is no ::1 where IPv6 is switched off on lo. */
#include "kit_net.h"

int main(void)
{
	struct ep ep = at("::1", free_port()), four = at("127.0.0.1", port_of(ep));
	int fd;

	private_net();
	set_sysctl("ipv6/conf/lo/disable_ipv6", "1");
	fd = refuse(ep, 0, EADDRNOTAVAIL);
	advised("enable_ipv6", "now");
	not_advised("add_address");
	expect("'reason': 'address_not_local', 'address_state': 'ipv6_off'");
	bind_ok(new_socket(four, 0), four);
	bind_ok(new_socket(ep, 0), at("::", port_of(ep) + 1));
	set_sysctl("ipv6/conf/lo/disable_ipv6", "0");
	bind_ok(fd, ep);
	return 0;
}
