/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A program that is asked once the port is taken (kernel.md 1.1 row 13). Before 5.17 the socket keeps
 * it all the same, and is in everybody's way until it is closed.
 */
#include <linux/bpf.h>

#include "kit_bpf.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port());
	const char *group = cgroup_make();
	int id = cgroup_forbid(BPF_CGROUP_INET4_POST_BIND, "bt_post4", 0);
	int refused, other = new_socket(ep, 0);

	cgroup_enter();
	refused = refuse(ep, 0, EPERM);
	expect_program(EPERM, id, "inet4_post_bind", "bt_post4", group);
	if (bind(other, &ep.sa, ep.len)) {
		must(errno == EADDRINUSE, "no EADDRINUSE");
		remember("bind", other, ep, EADDRINUSE);
		allow(getpid());
		expect("'reason': 'bound_not_listening', "
		       "'holders': [{'role': 'bound', 'address': '0.0.0.0'}]");
		shut(refused);
		bind_ok(other, ep);
		return 0;
	}
	shut(other);
	cgroup_allow(BPF_CGROUP_INET4_POST_BIND, id);
	bind_ok(refused, ep);
	return 0;
}
