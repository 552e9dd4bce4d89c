/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * raw_bind() looks at the address only: what stands where others have the port is not looked at, and is not
 * told (kernel.md 1.5).
 */
#include "kit.h"

int main(void)
{
	struct ep ep = at("203.0.113.77", 4321);
	int fd;

	private_net();
	fd = refuse(ep, RAW, EADDRNOTAVAIL);
	advised("add_address", "now");
	not_advised("use_other_port");
	not_advised("stop_holder");
	expect("'reason': 'address_not_local', 'layer': 'address', 'holders': null");
	bind_ok(fd, at("127.0.0.1", 4321));
	bind_ok(new_socket(ep, RAW), at("127.0.0.1", 4321));
	return 0;
}
