/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* rawv6_bind() says EINVAL where others say EAFNOSUPPORT: an IPv4 address on an IPv6 socket. */
#include "kit.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", 4321), six = at("::1", 0);
	int fd;

	private_net();
	fd = new_socket(six, RAW);
	ep.len = sizeof(ep.in6);
	must(bind(fd, &ep.sa, ep.len) && errno == EINVAL, "no EINVAL");
	remember("bind", fd, (struct ep){ .len = 0 }, EINVAL);
	advised("fix_arguments", "now");
	expect("'reason': 'bad_family', 'layer': 'arguments', 'protocol': 'raw', 'port': null, "
	       "'address': null, 'ip_protocol': %d",
	       RAW_PROTOCOL);
	bind_ok(fd, six);
	return 0;
}
