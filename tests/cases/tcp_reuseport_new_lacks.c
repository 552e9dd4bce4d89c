/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The listener shares its port, the asker did not say SO_REUSEPORT (kernel.md 2.1). */
#include "kit.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port());
	int fd;

	listen_on(ep, RP);
	fd = refuse(ep, 0, EADDRINUSE);
	advised("set_reuseport", "now");
	not_advised("set_reuseaddr");
	expect("'reason': 'reuseport_one_sided', "
	       "'culprit_holder': {'role': 'listener', 'blocks': true, 'reuse_port': true, "
	       "'reuseaddr_refused': 'both_lack', 'reuseport_refused': 'new_lacks', "
	       "'processes': [{'pid': %d}]}",
	       getpid());
	set_option(fd, RP);
	bind_ok(fd, ep);
	return 0;
}
