/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What counts is where the socket was made, not where the process is when it calls bind(). */
#include <linux/bpf.h>

#include "kit_bpf.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port());
	const char *group = cgroup_make();
	int id = cgroup_forbid(BPF_CGROUP_INET4_BIND, "bt_bind4", 0);
	int outside = new_socket(ep, 0), inside;

	cgroup_enter();
	inside = new_socket(ep, 0);
	cgroup_return();
	bind_refused(inside, ep, EPERM);
	expect_program(EPERM, id, "inet4_bind", "bt_bind4", group);
	cgroup_enter();
	bind_ok(outside, ep);
	return 0;
}
