/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Bound to a device or to none: no device means any (kernel.md 2.5).
 */
#include "kit.h"

int main(void)
{
	struct ep ep = at("0.0.0.0", free_port());
	int holder = bound_on(ep, UDP | ON_LO), fd = refuse(ep, UDP, EADDRINUSE);

	advised("stop_holder", "now");
	expect("'reason': 'udp_in_use', 'socket': {'bound_device': 0}, "
	       "'culprit_holder': {'role': 'udp', 'blocks': true, 'bound_device': 1, "
	       "'processes': [{'pid': %d, 'fd': %d}]}",
	       getpid(), holder);
	shut(holder);
	bind_ok(fd, ep);
	refuse(ep, UDP | ON_LO, EADDRINUSE);
	expect("'reason': 'udp_in_use', 'socket': {'bound_device': 1}, "
	       "'culprit_holder': {'role': 'udp', 'blocks': true, 'bound_device': 0, "
	       "'processes': [{'pid': %d, 'fd': %d}]}",
	       getpid(), fd);
	return 0;
}
