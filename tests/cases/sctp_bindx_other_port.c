/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* All addresses of a socket have one port. */
#include "kit.h"

int main(void)
{
	unsigned port = free_port();
	struct ep own = at("127.0.0.1", port), more = at("127.0.0.2", free_port());
	int fd = bound_on(own, SCTP);

	disallow_self();
	bindx_refused(fd, &more, 1, EINVAL);
	advised("use_new_socket", "now");
	expect("'reason': 'already_bound', 'layer': 'arguments'");
	more = with_port(more, port);
	bindx_ok(fd, &more, 1);
	return 0;
}
