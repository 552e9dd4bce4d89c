/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* sendto() of an unbound UDP socket: only the in-kernel rungs see it. */
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
	must(sendto(fd, "", 1, 0, &to.sa, to.len) < 0 && errno == EAGAIN, "no EAGAIN");
	if (!is_seen("autobind")) {
		expect_quiet();
		return 0;
	}
	remember("autobind", fd, at("0.0.0.0", 0), EAGAIN);
	expect("'reason': 'ephemeral_exhausted', 'layer': 'port_table', "
	       "'port_range': {'first': 30000, 'last': 30001, 'reserved': 0, 'taken': 2, "
	       "'users': [{'pid': %d, 'ports': 2}]}",
	       getpid());
	return 0;
}
