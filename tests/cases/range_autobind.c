/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* connect() of an unbound UDP socket, with no port left (kernel.md 1.4). */
#include "kit.h"

int main(void)
{
	struct ep to = at("127.0.0.1", 20000);
	int fd;

	private_net();
	set_sysctl("ipv4/ip_local_port_range", "30000 30001");
	bound_on(at("0.0.0.0", 30000), UDP);
	bound_on(at("0.0.0.0", 30001), UDP);
	fd = new_socket(to, UDP);
	must(connect(fd, &to.sa, to.len) && errno == EAGAIN, "no EAGAIN");
	remember("autobind", fd, at("0.0.0.0", 0), EAGAIN);
	advised("widen_port_range", "now");
	not_advised("wait");
	expect("'reason': 'ephemeral_exhausted', 'layer': 'port_table', "
	       "'port_range': {'first': 30000, 'last': 30001, 'reserved': 0, 'taken': 2, "
	       "'users': [{'pid': %d, 'ports': 2}]}",
	       getpid());
	set_sysctl("ipv4/ip_local_port_range", "10000 65535");
	must(!connect(fd, &to.sa, to.len), "the advice did not help");
	return 0;
}
