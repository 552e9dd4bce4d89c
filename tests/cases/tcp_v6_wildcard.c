/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* [::] with IPV6_V6ONLY still meets a listener on ::1 (kernel.md 2.2, new_wildcard). */
#include "kit.h"

int main(void)
{
	unsigned port = free_port();
	struct ep ep = at("::", port);
	int holder = listen_on(at("::1", port), 0), fd = refuse(ep, V6ONLY, EADDRINUSE);

	advised("stop_holder", "now");
	advised("use_other_port", "now");
	not_advised("set_v6only");
	expect("'reason': 'listener', 'culprit_holder': {'role': 'listener', 'family': 'ipv6', "
	       "'address': '::1', 'blocks': true, 'overlap': 'new_wildcard', "
	       "'processes': [{'pid': %d}]}",
	       getpid());
	shut(holder);
	bind_ok(fd, ep);
	return 0;
}
