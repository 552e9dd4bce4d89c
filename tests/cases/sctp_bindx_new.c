/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* sctp_bindx(): the one address given is held by somebody, who is named. */
#include "kit.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port());
	int holder = listen_on(ep, SCTP), fd = new_socket(ep, SCTP);

	bindx_refused(fd, &ep, 1, EADDRINUSE);
	advised("stop_holder", "now");
	expect("'reason': 'listener', 'culprit_holder': {'address': '127.0.0.1', "
	       "'blocks': true, 'processes': [{'pid': %d, 'fd': %d}]}",
	       getpid(), holder);
	shut(holder);
	bindx_ok(fd, &ep, 1);
	return 0;
}
