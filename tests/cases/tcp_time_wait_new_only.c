/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The new run sets SO_REUSEADDR, the old one had not: still refused (kernel.md 2.1). */
#include "kit.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port());
	int fd;

	time_wait(ep, 0);
	fd = refuse(ep, RA, EADDRINUSE);
	advised("wait", "after_wait");
	advised("set_reuseaddr", "next_restart");
	advised("use_other_port", "now");
	not_advised_now("set_reuseaddr");
	expect("'reason': 'time_wait', 'frees_in_s': {'min': 45, 'max': 66}, "
	       "'culprit_holder': {'role': 'time_wait', 'blocks': true, 'reuse_address': false, "
	       "'reuseaddr_refused': 'holder_lacks', 'reuseport_refused': 'both_lack', "
	       "'time_wait': {'closed_by': {'pid': %d}}}",
	       getpid());
	/* the restart after the next: its predecessor had the option */
	ep = with_port(ep, free_port());
	time_wait(ep, RA);
	bind_ok(fd, ep);
	return 0;
}
