/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Two sockets with SO_REUSEADDR are bound to one port; the second one's listen goes through io_uring. */
#include "kit_uring.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port());
	struct uring *ring = uring();
	int first = bound_on(ep, RA), second = bound_on(ep, RA);

	listen_ok(first);
	uring_listen_refused(ring, second, ep, EADDRINUSE);
	if (!is_seen("io_uring")) {
		expect_quiet();
		return 0;
	}
	advised("listen_once", "now");
	expect("'reason': 'listen_conflict', 'via': 'io_uring', "
	       "'culprit_holder': {'role': 'listener', 'blocks': true, "
	       "'reuseaddr_refused': 'holder_listens', 'processes': [{'pid': %d, 'fd': %d}]}",
	       getpid(), first);
	shut(first);
	uring_listen_ok(ring, second);
	return 0;
}
