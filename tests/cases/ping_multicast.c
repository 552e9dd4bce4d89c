/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Ping sockets take no multicast address, which all others do; IP_FREEBIND does not change that. */
#include "kit.h"

int main(void)
{
	struct ep ep = at("224.0.0.1", 77);
	int fd, one = 1;

	private_net();
	set_sysctl("ipv4/ping_group_range", "0 0");
	fd = refuse(ep, PING, EADDRNOTAVAIL);
	advised("add_address", "now");
	not_advised("set_freebind");
	expect("'reason': 'address_not_local', 'layer': 'address', "
	       "'summary': 'ping sockets take no multicast address'");
	must(!setsockopt(fd, IPPROTO_IP, IP_FREEBIND, &one, sizeof(one)), "IP_FREEBIND failed");
	bind_refused(fd, ep, EADDRNOTAVAIL);
	expect("'reason': 'address_not_local'");
	bind_ok(fd, at("127.0.0.1", 77));
	return 0;
}
