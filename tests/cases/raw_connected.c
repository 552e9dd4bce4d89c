/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A raw socket may be bound twice, but not once it is connected. */
#include "kit.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", 0);
	int fd;

	private_net();
	fd = new_socket(ep, RAW);
	bind_ok(fd, ep);
	bind_ok(fd, ep);
	must(!connect(fd, &ep.sa, ep.len), "connect failed");
	bind_refused(fd, ep, EINVAL);
	advised("use_new_socket", "now");
	expect("'reason': 'already_bound', 'layer': 'arguments'");
	bind_ok(new_socket(ep, RAW), ep);
	return 0;
}
