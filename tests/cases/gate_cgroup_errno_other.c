/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* ... an EACCES has nothing to do with privileged ports. */
#include <linux/bpf.h>

#include "kit_bpf.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port());
	const char *group = cgroup_make();
	int id = cgroup_forbid(BPF_CGROUP_INET4_BIND, "bt_access", EACCES), fd;

	cgroup_enter();
	fd = refuse(ep, 0, EACCES);
	not_advised("grant_capability");
	expect_program(EACCES, id, "inet4_bind", "bt_access", group);
	cgroup_allow(BPF_CGROUP_INET4_BIND, id);
	bind_ok(fd, ep);
	return 0;
}
