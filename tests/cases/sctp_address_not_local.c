/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* 203.0.113.77 (TEST-NET-3) is no address of this machine (sctp_v4_available). */
#include "kit.h"

int main(void)
{
	struct ep ep = at("203.0.113.77", free_port());
	int fd, one = 1;

	private_net();
	fd = refuse(ep, SCTP, EADDRNOTAVAIL);
	advised("add_address", "now");
	advised("set_freebind", "now");
	expect("'reason': 'address_not_local', 'layer': 'address'");
	must(!setsockopt(fd, IPPROTO_IP, IP_FREEBIND, &one, sizeof(one)), "IP_FREEBIND failed");
	bind_ok(fd, ep);
	return 0;
}
