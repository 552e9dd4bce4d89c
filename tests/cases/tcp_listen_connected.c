/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* listen() on a connected socket (kernel.md 1.3). */
#include "kit.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port()), from;
	int fd;

	listen_on(ep, 0);
	fd = connect_to(ep);
	from = at("127.0.0.1", local_port(fd));
	listen_refused(fd, from, EINVAL);
	advised("use_new_socket", "now");
	not_advised("stop_holder");
	expect("'reason': 'already_connected', 'layer': 'arguments', 'holders': null");
	shut(fd);
	listen_ok(new_socket(ep, 0));
	return 0;
}
