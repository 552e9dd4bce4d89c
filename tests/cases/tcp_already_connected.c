/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* bind() after connect(): the socket has had its port since then (kernel.md 1.1 row 7). */
#include "kit.h"

int main(void)
{
	struct ep ep = at("::1", free_port()), other = with_port(ep, free_port());
	int fd;

	listen_on(ep, 0);
	fd = connect_to(ep);
	bind_refused(fd, other, EINVAL);
	advised("use_new_socket", "now");
	expect("'reason': 'already_bound', 'layer': 'arguments'");
	bind_ok(new_socket(other, 0), other);
	return 0;
}
