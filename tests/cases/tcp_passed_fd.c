/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The listener was made by one process and handed to another, which alone has it now
 * (SCM_RIGHTS).
 */
#include "kit.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port());
	struct child maker, keeper;
	int fd, channel[2];

	must(!socketpair(AF_UNIX, SOCK_STREAM, 0, channel), "socketpair failed");
	if (start_child(&maker)) {
		send_fd(channel[0], listen_on(ep, 0));
		return 0;
	}
	if (start_child(&keeper)) {
		receive_fd(channel[1]);
		signal_parent(&keeper);
		wait_parent(&keeper);
		return 0;
	}
	wait_child(&keeper);
	end_child(&maker);
	allow(keeper.pid);
	allow(maker.pid);
	fd = refuse(ep, 0, EADDRINUSE);
	advised("stop_holder", "now");
	expect("'reason': 'listener', 'culprit_holder': {'role': 'listener', 'blocks': true, "
	       "'processes': [{'pid': %d, 'inherited': true}], "
	       "'bound_by': {'pid': %d, 'alive': false}}",
	       keeper.pid, maker.pid);
	end_child(&keeper);
	bind_ok(fd, ep);
	return 0;
}
