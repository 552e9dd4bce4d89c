/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The old run had SO_REUSEADDR, the new one only SO_REUSEPORT: they do not mix. */
#include "kit.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port());
	int fd;

	time_wait(ep, RA);
	fd = refuse(ep, RP, EADDRINUSE);
	advised("wait", "after_wait");
	advised("set_reuseaddr", "now");
	not_advised_now("set_reuseport");
	expect("'reason': 'time_wait', 'frees_in_s': {'min': 45, 'max': 66}, "
	       "'culprit_holder': {'role': 'time_wait', 'blocks': true, 'reuse_address': true, "
	       "'reuse_port': false, 'reuseaddr_refused': 'new_lacks', "
	       "'reuseport_refused': 'holder_lacks'}");
	set_option(fd, RA);
	bind_ok(fd, ep);
	return 0;
}
