/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The old run had SO_REUSEPORT, the new one nothing (kernel.md 2.1). */
#include "kit.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port());
	int fd;

	time_wait(ep, RP);
	fd = refuse(ep, 0, EADDRINUSE);
	advised("wait", "after_wait");
	not_advised_now("set_reuseaddr");
	expect("'reason': 'time_wait', 'frees_in_s': {'min': 45, 'max': 66}, "
	       "'culprit_holder': {'role': 'time_wait', 'blocks': true, 'reuse_port': true, "
	       "'reuseaddr_refused': 'both_lack', 'reuseport_refused': 'new_lacks'}");
	set_option(fd, RP);
	bind_ok(fd, ep);
	return 0;
}
