/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The old run had SO_REUSEADDR, the new one lacks it: setting it helps at once. */
#include "kit.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port());
	int fd;

	time_wait(ep, RA);
	fd = refuse(ep, 0, EADDRINUSE);
	advised("wait", "after_wait");
	advised("set_reuseaddr", "now");
	expect("'reason': 'time_wait', 'frees_in_s': {'min': 45, 'max': 66}, "
	       "'culprit_holder': {'role': 'time_wait', 'blocks': true, 'reuse_address': true, "
	       "'reuseaddr_refused': 'new_lacks', 'reuseport_refused': 'both_lack', "
	       "'time_wait': {'closed_by': {'pid': %d}}}",
	       getpid());
	set_option(fd, RA);
	bind_ok(fd, ep);
	return 0;
}
