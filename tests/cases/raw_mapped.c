/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Raw IPv6 sockets are IPv6 only, whatever IPV6_V6ONLY says, and say so with EADDRNOTAVAIL. */
#include "kit.h"

int main(void)
{
	struct ep ep = at("::ffff:127.0.0.1", 0);
	int fd;

	private_net();
	fd = refuse(ep, RAW, EADDRNOTAVAIL);
	advised("fix_arguments", "now");
	not_advised("add_address");
	not_advised("set_freebind");
	expect("'reason': 'v6only_mapped', 'layer': 'arguments'");
	bind_ok(fd, at("::1", 0));
	return 0;
}
