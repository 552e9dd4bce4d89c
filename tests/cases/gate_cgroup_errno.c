/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A program may choose the error (5.18): an EADDRINUSE that it makes up has no holder. */
#include <linux/bpf.h>

#include "kit_bpf.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port());
	const char *group = cgroup_make();
	int id = cgroup_forbid(BPF_CGROUP_INET4_BIND, "bt_in_use", EADDRINUSE), fd;

	cgroup_enter();
	fd = refuse(ep, 0, EADDRINUSE);
	expect_program(EADDRINUSE, id, "inet4_bind", "bt_in_use", group);
	refuse(ep, UDP, EADDRINUSE);
	expect_program(EADDRINUSE, id, "inet4_bind", "bt_in_use", group);
	cgroup_allow(BPF_CGROUP_INET4_BIND, id);
	bind_ok(fd, ep);
	return 0;
}
