/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* bind() through io_uring, submitted and refused in io_uring_enter(). */
#include "kit_uring.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port());
	struct uring *ring = uring();
	int holder = listen_on(ep, 0), fd = new_socket(ep, RA);

	uring_bind_refused(ring, fd, 0, ep, EADDRINUSE);
	if (!is_seen("io_uring")) {
		expect_quiet();
		return 0;
	}
	advised("stop_holder", "now");
	not_advised("set_reuseaddr");
	expect("'reason': 'listener', 'via': 'io_uring', 'culprit_holder': {'role': 'listener', "
	       "'blocks': true, "
	       "'processes': [{'pid': %d, 'fd': %d}]}",
	       getpid(), holder);
	shut(holder);
	uring_bind_ok(ring, fd, 0, ep);
	return 0;
}
