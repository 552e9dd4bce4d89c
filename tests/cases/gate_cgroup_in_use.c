/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* With such a program attached, a socket that is in the way is still the answer. */
#include <linux/bpf.h>

#include "kit_bpf.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port());
	int id, fd;

	cgroup_make();
	listen_on(ep, 0);
	id = cgroup_forbid(BPF_CGROUP_INET4_BIND, "bt_in_use", EADDRINUSE);
	cgroup_enter();
	fd = refuse(ep, 0, EADDRINUSE);
	advised("stop_holder", "now");
	expect("'reason': 'listener', 'holders': [{'role': 'listener'}]");
	cgroup_allow(BPF_CGROUP_INET4_BIND, id);
	bind_refused(fd, ep, EADDRINUSE);
	expect("'reason': 'listener'");
	return 0;
}
