/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A request that io_uring hands to a worker (IOSQE_ASYNC): a thread of the asker's, iou-wrk-PID. */
#include "kit_uring.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port());
	struct uring *ring = uring();
	int holder = listen_on(ep, 0), fd = new_socket(ep, 0);

	uring_bind_refused(ring, fd, URING_ASYNC, ep, EADDRINUSE);
	if (!is_seen("io_uring")) {
		expect_quiet();
		return 0;
	}
	advised("stop_holder", "now");
	expect("'reason': 'listener', 'via': 'io_uring', 'process': {'pid': %d, 'tid': %d, 'comm': "
	       "'%s'}, "
	       "'culprit_holder': {'role': 'listener', 'processes': [{'pid': %d, 'fd': %d}]}",
	       getpid(), uring_thread("iou-wrk-"), own_comm(), getpid(), holder);
	shut(holder);
	uring_bind_ok(ring, fd, URING_ASYNC, ep);
	return 0;
}
