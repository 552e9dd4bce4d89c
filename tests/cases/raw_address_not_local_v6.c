/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* rawv6_bind(): 2001:db8::77 (documentation) is no address of this machine. */
#include "kit.h"

int main(void)
{
	struct ep ep = at("2001:db8::77", 0);
	int fd, one = 1;

	private_net();
	fd = refuse(ep, RAW, EADDRNOTAVAIL);
	advised("add_address", "now");
	advised("set_freebind", "now");
	expect("'reason': 'address_not_local', 'layer': 'address', 'holders': null");
	must(!setsockopt(fd, IPPROTO_IPV6, IPV6_FREEBIND, &one, sizeof(one)),
	     "IPV6_FREEBIND failed");
	bind_ok(fd, ep);
	return 0;
}
