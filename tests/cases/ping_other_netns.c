/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Older kernels' ping_get_port() meets a socket of another network namespace, when the two namespaces move
 * their identifiers to the same of 64 lists (ping_hashfn). Which kernels do cannot be told: nobody is named.
 * Where none of so many namespaces meets it, the kernel asks whose a socket is.
 */
#include "kit.h"

enum { NAMESPACES = 256 };

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port());
	int holder, fd = -1, r = 0;

	private_net();
	set_sysctl("ipv4/ping_group_range", "0 0");
	holder = bound_on(ep, PING);
	for (int i = 0; i < NAMESPACES && !r; i++) {
		private_net();
		set_sysctl("ipv4/ping_group_range", "0 0");
		fd = new_socket(ep, PING);
		r = bind(fd, &ep.sa, ep.len);
		if (!r)
			shut(fd);
	}
	if (!r) {
		expect_quiet();
		return 0;
	}
	must(errno == EADDRINUSE, "an error that was not foreseen");
	remember("bind", fd, ep, EADDRINUSE);
	disallow_self();
	not_advised("stop_holder");
	expect("'reason': 'ident_in_use', 'holders': null");
	shut(holder);
	bind_ok(fd, ep);
	return 0;
}
