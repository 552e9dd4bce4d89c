/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * SCTP_REUSE_PORT on the holder counts as SO_REUSEADDR does: its other socket, which has neither, is the one
 * in the way.
 */
#include "kit.h"

enum { SCTP_REUSE_PORT = 36 };

int main(void)
{
	unsigned port = free_port();
	struct ep ep = at("127.0.0.1", port), other = at("127.0.0.2", port);
	struct ep any = at("0.0.0.0", port);
	int sharing = new_socket(ep, SCTP), holder, fd, one = 1;

	must(!setsockopt(sharing, IPPROTO_SCTP, SCTP_REUSE_PORT, &one, sizeof(one)),
	     "SCTP_REUSE_PORT failed");
	bind_ok(sharing, ep);
	holder = bound_on(other, SCTP);
	fd = refuse(any, SCTP | RA, EADDRINUSE);
	advised("stop_holder", "now");
	expect("'reason': 'bound_not_listening', 'holder_totals': {'total': 2, 'blocking': 1}, "
	       "'culprit_holder': {'address': '127.0.0.2', 'blocks': true, "
	       "'overlap': 'new_wildcard', 'reuseaddr_refused': 'holder_lacks', "
	       "'processes': [{'pid': %d, 'fd': %d}]}",
	       getpid(), holder);
	shut(holder);
	bind_ok(fd, any);
	return 0;
}
