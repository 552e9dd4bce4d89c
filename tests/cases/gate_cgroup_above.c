/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* ... one of the group above: it counts for all below it, and is named with its own group. */
#include <linux/bpf.h>

#include "kit_bpf.h"

int main(void)
{
	struct ep ep = at("::1", free_port());
	const char *group = cgroup_make();
	int id = cgroup_forbid(BPF_CGROUP_INET6_BIND, "bt_bind6", 0), fd;

	cgroup_make_inner();
	cgroup_enter();
	fd = refuse(ep, UDP, EPERM);
	expect_program(EPERM, id, "inet6_bind", "bt_bind6", group);
	cgroup_allow(BPF_CGROUP_INET6_BIND, id);
	bind_ok(fd, ep);
	return 0;
}
