/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A mapped address on a socket with IPV6_V6ONLY. */
#include "kit.h"

int main(void)
{
	struct ep ep = at("::ffff:127.0.0.1", free_port());
	int fd = new_socket(ep, SCTP | V6ONLY);

	bind_refused(fd, ep, EINVAL);
	advised("fix_arguments", "now");
	expect("'reason': 'v6only_mapped', 'layer': 'arguments'");
	bind_ok(new_socket(ep, SCTP), ep);
	return 0;
}
