/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * systemd-resolved has 127.0.0.53, dnsmasq wants 0.0.0.0 (kernel.md 2.2).
 */
#include "kit.h"

int main(void)
{
	unsigned port = free_port();
	int holder = bound_on(at("127.0.0.53", port), UDP);
	int fd = refuse(at("0.0.0.0", port), UDP, EADDRINUSE);

	advised("use_other_address", "now");
	advised("stop_holder", "now");
	expect("'reason': 'udp_in_use', "
	       "'culprit_holder': {'role': 'udp', 'blocks': true, 'address': '127.0.0.53', "
	       "'overlap': 'new_wildcard', 'processes': [{'pid': %d, 'fd': %d}]}",
	       getpid(), holder);
	bind_ok(fd, at("127.0.0.1", port));
	shut(fd);
	shut(holder);
	bound_on(at("0.0.0.0", port), UDP);
	return 0;
}
