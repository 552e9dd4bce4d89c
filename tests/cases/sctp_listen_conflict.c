/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Two sockets with SO_REUSEADDR are bound to one port; the second listen() is refused. */
#include "kit.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port());
	int first = bound_on(ep, SCTP | RA), second = bound_on(ep, SCTP | RA);

	listen_ok(first);
	listen_refused(second, ep, EADDRINUSE);
	advised("listen_once", "now");
	not_advised("set_reuseaddr");
	expect("'reason': 'listen_conflict', 'culprit_holder': {'role': 'listener', "
	       "'state': 'listen', 'blocks': true, 'reuseaddr_refused': 'holder_listens', "
	       "'processes': [{'pid': %d, 'fd': %d}]}, 'holder_totals': {'blocking': 1}",
	       getpid(), first);
	shut(first);
	listen_ok(second);
	return 0;
}
