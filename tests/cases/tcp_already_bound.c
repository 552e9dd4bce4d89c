/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A second bind() on a socket that has its port: EINVAL (kernel.md 1.1 row 7). */
#include "kit.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port()), other = with_port(ep, free_port());
	int fd = bound_on(ep, 0);

	bind_refused(fd, other, EINVAL);
	advised("use_new_socket", "now");
	expect("'reason': 'already_bound', 'layer': 'arguments'");
	bind_ok(new_socket(other, 0), other);
	return 0;
}
