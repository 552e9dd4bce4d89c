/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* An IPv4-mapped address on a socket with IPV6_V6ONLY (kernel.md 1.1 row 8). */
#include "kit.h"

int main(void)
{
	struct ep ep = at("::ffff:127.0.0.1", free_port());
	int fd = refuse(ep, V6ONLY, EINVAL);

	advised("fix_arguments", "now");
	expect("'reason': 'v6only_mapped', 'layer': 'arguments'");
	shut(fd);
	bind_ok(new_socket(ep, 0), ep);
	return 0;
}
