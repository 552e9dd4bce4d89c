/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A BPF program of the control group says no before the port table is asked (kernel.md 1.1 row 2). */
#include <linux/bpf.h>

#include "kit_bpf.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port());
	const char *group = cgroup_make();
	int id = cgroup_forbid(BPF_CGROUP_INET4_BIND, "bt_bind4", 0), fd;

	cgroup_enter();
	fd = refuse(ep, 0, EPERM);
	expect_program(EPERM, id, "inet4_bind", "bt_bind4", group);
	cgroup_allow(BPF_CGROUP_INET4_BIND, id);
	bind_ok(fd, ep);
	return 0;
}
