/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A program may change the address: another port is refused than the one that was asked for. */
#include <linux/bpf.h>

#include "kit_bpf.h"

int main(void)
{
	unsigned port = free_port(), other = free_port();
	struct ep asked = at("127.0.0.1", port), refused = at("127.0.0.1", other);
	int fd, id;

	cgroup_make();
	listen_on(refused, 0);
	id = cgroup_redirect(BPF_CGROUP_INET4_BIND, "bt_redirect4", other);
	cgroup_enter();
	fd = refuse(asked, 0, EADDRINUSE);
	if (in_kernel()) {
		remember("bind", fd, refused, EADDRINUSE);
		expect("'reason': 'listener', 'asked_address': '127.0.0.1', 'asked_port': %u, "
		       "'holders': [{'role': 'listener', 'port': %u}]",
		       port, other);
	} else {
		not_advised("stop_holder");
		expect("'reason': 'holder_gone', 'asked_port': null, 'bpf_programs': [{'id': %d}]",
		       id);
	}
	cgroup_allow(BPF_CGROUP_INET4_BIND, id);
	bind_ok(fd, asked);
	return 0;
}
