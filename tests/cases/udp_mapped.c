/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * ::ffff:127.0.0.1 is 127.0.0.1 by another name, whoever comes first (kernel.md 2.2).
 */
#include "kit.h"

int main(void)
{
	unsigned port = free_port();
	struct ep four = at("127.0.0.1", port), mapped = at("::ffff:127.0.0.1", port);
	int holder = bound_on(four, UDP), fd = refuse(mapped, UDP, EADDRINUSE);

	not_advised_now("set_v6only");
	expect("'reason': 'udp_in_use', 'culprit_holder': {'role': 'udp', 'family': 'ipv4', "
	       "'address': '127.0.0.1', 'blocks': true, 'overlap': 'same_address', "
	       "'processes': [{'pid': %d, 'fd': %d}]}",
	       getpid(), holder);
	shut(holder);
	bind_ok(fd, mapped);
	refuse(four, UDP, EADDRINUSE);
	expect("'reason': 'udp_in_use', 'culprit_holder': {'role': 'udp', 'family': 'ipv6', "
	       "'address': '::ffff:127.0.0.1', 'blocks': true, 'overlap': 'same_address', "
	       "'processes': [{'pid': %d, 'fd': %d}]}",
	       getpid(), fd);
	return 0;
}
