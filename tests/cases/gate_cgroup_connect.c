/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A program that connect() asks says EADDRNOTAVAIL: no port was looked for. In the kernel that is seen, behind
 * the system call it is told by the ports that are free.
 */
#include <linux/bpf.h>

#include "kit_bpf.h"

int main(void)
{
	struct ep server = at("127.0.0.1", 20000), nothing = at("0.0.0.0", 0);
	const char *group = cgroup_make();
	int id, fd;

	private_net();
	set_sysctl("ipv4/ip_local_port_range", "30000 30009");
	listen_on(server, 0);
	id = cgroup_forbid(BPF_CGROUP_INET4_CONNECT, "bt_connect4", EADDRNOTAVAIL);
	cgroup_enter();
	fd = new_socket(server, 0);
	must(connect(fd, &server.sa, server.len) && errno == EADDRNOTAVAIL, "no EADDRNOTAVAIL");
	if (in_kernel()) {
		expect_quiet();
		return 0;
	}
	remember("connect", fd, nothing, EADDRNOTAVAIL);
	not_advised("widen_port_range");
	expect_program(EADDRNOTAVAIL, id, "inet4_connect", "bt_connect4", group);
	cgroup_allow(BPF_CGROUP_INET4_CONNECT, id);
	must(!connect(fd, &server.sa, server.len), "connect failed");
	return 0;
}
