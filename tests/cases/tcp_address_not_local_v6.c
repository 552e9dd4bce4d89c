/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* 2001:db8::77 (documentation) is no address of this machine (kernel.md 1.1 row 11). */
#ifndef IPV6_FREEBIND
#define IPV6_FREEBIND 78 /* linux/in6.h, which does not go with netinet/in.h */
#endif

#include "kit.h"

int main(void)
{
	struct ep ep = at("2001:db8::77", free_port());
	int fd, one = 1;

	private_net();
	fd = refuse(ep, 0, EADDRNOTAVAIL);
	advised("add_address", "now");
	advised("set_freebind", "now");
	expect("'reason': 'address_not_local', 'layer': 'address'");
	must(!setsockopt(fd, IPPROTO_IPV6, IPV6_FREEBIND, &one, sizeof(one)),
	     "IPV6_FREEBIND failed");
	bind_ok(fd, ep);
	return 0;
}
