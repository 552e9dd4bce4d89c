/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* sendto() of a one-to-many socket, over IPv6; EAGAIN of one that has a port is another matter, and is not told. */
#include <fcntl.h>

#include "kit.h"

int main(void)
{
	struct ep to = at("::1", 20000);
	char part[4096] = "";
	int fd, bound;

	private_net();
	set_sysctl("ipv4/ip_local_port_range", "30000 30001");
	bound = bound_on(at("::1", 30000), SCTP | MANY);
	bound_on(at("::1", 30001), SCTP | MANY);
	listen_on(to, SCTP | MANY);
	must(!fcntl(bound, F_SETFL, O_NONBLOCK), "fcntl failed");
	while (sendto(bound, part, sizeof(part), 0, &to.sa, to.len) >= 0)
		;
	must(errno == EAGAIN, "its buffer did not fill");
	fd = new_socket(to, SCTP | MANY);
	must(sendto(fd, "x", 1, 0, &to.sa, to.len) < 0 && errno == EAGAIN, "no EAGAIN");
	remember("autobind", fd, at("::", 0), EAGAIN);
	advised("widen_port_range", "now");
	expect("'reason': 'ephemeral_exhausted', 'layer': 'port_table'");
	set_sysctl("ipv4/ip_local_port_range", "10000 65535");
	must(sendto(fd, "x", 1, 0, &to.sa, to.len) == 1, "the advice did not help");
	return 0;
}
