/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The socket that asks is no descriptor of the process any more: only the ring has it, as its
 * registered file.
 */
#include "kit_uring.h"

int main(void)
{
	struct ep ep = at("::1", free_port());
	struct uring *ring = uring();
	int holder = listen_on(ep, 0), fd = new_socket(ep, 0);

	uring_register(ring, fd);
	shut(fd);
	uring_bind_refused(ring, 0, URING_FIXED, ep, EADDRINUSE);
	if (!is_seen("io_uring")) {
		expect_quiet();
		return 0;
	}
	advised("stop_holder", "now");
	expect("'reason': 'listener', 'via': 'io_uring', 'culprit_holder': {'role': 'listener', "
	       "'processes': [{'pid': %d, 'fd': %d}]}",
	       getpid(), holder);
	shut(holder);
	uring_bind_ok(ring, 0, URING_FIXED, ep);
	return 0;
}
