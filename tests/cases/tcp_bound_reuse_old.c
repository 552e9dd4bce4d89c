/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The bound socket has SO_REUSEADDR and does not listen: the asker only lacks it itself
 * (kernel.md 2.1).
 */
#include "kit.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port());
	int fd;

	bound_on(ep, RA);
	fd = refuse(ep, 0, EADDRINUSE);
	advised("stop_holder", "now");
	advised("set_reuseaddr", "now");
	expect("'reason': 'bound_not_listening', "
	       "'culprit_holder': {'role': 'bound', 'state': 'close', 'blocks': true, "
	       "'reuse_address': true, 'reuseaddr_refused': 'new_lacks', "
	       "'reuseport_refused': 'both_lack', "
	       "'processes': [{'pid': %d}]}",
	       getpid());
	set_option(fd, RA);
	bind_ok(fd, ep);
	return 0;
}
