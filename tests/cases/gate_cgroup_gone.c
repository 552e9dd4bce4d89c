/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A service that ends at once, and its control group with it: the program's name is known all the same. */
#include <linux/bpf.h>

#include "kit_bpf.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port());
	struct child c;
	int id;

	cgroup_make();
	id = cgroup_forbid(BPF_CGROUP_INET4_BIND, "bt_bind4", 0);
	if (start_child(&c)) {
		cgroup_enter();
		refuse(ep, 0, EPERM);
		_exit(0);
	}
	end_child(&c);
	cgroup_remove();
	refused_in(c.pid, getpid(), getuid(), ep, EPERM);
	expect("'reason': '%s', 'bpf_programs': [{'id': %d, 'name': 'bt_bind4'}]",
	       in_kernel() ? "cgroup_denied" : "other", id);
	return 0;
}
