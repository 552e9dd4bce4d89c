/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A second bind() of one socket; below 1024 nothing is privileged. */
#include "kit.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", 77);
	int fd;

	private_net();
	set_sysctl("ipv4/ping_group_range", "0 0");
	fd = bound_on(ep, PING);
	disallow_self();
	bind_refused(fd, with_port(ep, 78), EINVAL);
	advised("use_new_socket", "now");
	expect("'reason': 'already_bound', 'layer': 'arguments', 'holders': null");
	bind_ok(new_socket(ep, PING), with_port(ep, 78));
	return 0;
}
