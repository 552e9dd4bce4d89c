/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* An IPv6 address on an IPv4 socket: SCTP says EINVAL, where TCP says EAFNOSUPPORT. */
#include "kit.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port()), six = at("::1", free_port());
	int fd = new_socket(ep, SCTP);

	must(bind(fd, &six.sa, six.len) && errno == EINVAL, "no EINVAL");
	remember("bind", fd, (struct ep){ .len = 0 }, EINVAL);
	advised("fix_arguments", "now");
	expect("'reason': 'bad_family', 'layer': 'arguments', 'protocol': 'sctp', "
	       "'address': null, 'port': null");
	bind_ok(fd, ep);
	return 0;
}
