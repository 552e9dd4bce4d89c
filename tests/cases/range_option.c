/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A socket may have a narrower range of its own, IP_LOCAL_PORT_RANGE (kernel.md 1.2). */
#include "kit.h"

#ifndef IP_LOCAL_PORT_RANGE
#define IP_LOCAL_PORT_RANGE 51
#endif

int main(void)
{
	struct ep ep = at("127.0.0.1", 0);
	uint32_t narrow = 30001u << 16 | 30000, none = 0;
	int fd;

	private_net();
	fd = new_socket(ep, 0);
	set_sysctl("ipv4/ip_local_port_range", "30000 40000");
	if (setsockopt(fd, IPPROTO_IP, IP_LOCAL_PORT_RANGE, &narrow, sizeof(narrow)))
		skip("this kernel has no IP_LOCAL_PORT_RANGE");
	listen_on(with_port(ep, 30000), 0);
	listen_on(with_port(ep, 30001), 0);
	listen_on(with_port(ep, 30002), 0);
	bind_refused(fd, ep, EADDRINUSE);
	advised("widen_port_range", "now");
	expect("'reason': 'ephemeral_exhausted', 'port_range': {'first': 30000, 'last': 30001, "
	       "'own': true, 'taken': 2, 'users': [{'pid': %d, 'ports': 2}]}",
	       getpid());
	must(!setsockopt(fd, IPPROTO_IP, IP_LOCAL_PORT_RANGE, &none, sizeof(none)),
	     "IP_LOCAL_PORT_RANGE failed");
	bind_ok(fd, ep);
	return 0;
}
