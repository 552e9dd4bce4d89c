/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A ring whose requests a thread of the kernel's takes (SQPOLL): it is refused in that thread, and
 * the process that owns the ring is the one to read about, by its own name.
 */
#include "kit_uring.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port());
	struct uring *ring = uring_polled();
	int holder = listen_on(ep, 0), fd = new_socket(ep, 0);

	uring_bind_refused(ring, fd, 0, ep, EADDRINUSE);
	if (!is_seen("io_uring")) {
		expect_quiet();
		return 0;
	}
	advised("stop_holder", "now");
	expect("'reason': 'listener', 'via': 'io_uring', 'process': {'pid': %d, 'tid': %d, 'comm': "
	       "'%s'}, "
	       "'culprit_holder': {'role': 'listener', 'processes': [{'pid': %d, 'fd': %d}]}",
	       getpid(), uring_thread("iou-sqp-"), own_comm(), getpid(), holder);
	shut(holder);
	uring_bind_ok(ring, fd, 0, ep);
	return 0;
}
