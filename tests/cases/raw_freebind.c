/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* IP_FREEBIND lets raw sockets be bound to any address since 5.17 or so; it is advised where it helps. */
#include "kit.h"

int main(void)
{
	struct ep ep = at("203.0.113.77", 0);
	int fd, one = 1, probe = new_socket(ep, RAW);
	bool helps;

	private_net();
	probe = new_socket(ep, RAW);
	must(!setsockopt(probe, IPPROTO_IP, IP_FREEBIND, &one, sizeof(one)), "IP_FREEBIND failed");
	helps = !bind(probe, &ep.sa, ep.len);
	fd = refuse(ep, RAW, EADDRNOTAVAIL);
	if (helps)
		advised("set_freebind", "now");
	else
		not_advised("set_freebind");
	expect("'reason': 'address_not_local', 'socket': {'free_bind': false}");
	expect_more();
	must(!setsockopt(fd, IPPROTO_IP, IP_FREEBIND, &one, sizeof(one)), "IP_FREEBIND failed");
	must(!bind(fd, &ep.sa, ep.len) == helps, "one time it helped, the other it did not");
	return 0;
}
