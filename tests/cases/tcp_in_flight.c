/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The listener is in a message that nobody has received yet (SCM_RIGHTS), and its sender has closed
 * it: no process has it open.
 */
#include "kit.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port());
	int holder = listen_on(ep, 0), channel[2], fd;

	must(!socketpair(AF_UNIX, SOCK_STREAM, 0, channel), "socketpair failed");
	send_fd(channel[0], holder);
	shut(holder);
	fd = refuse(ep, 0, EADDRINUSE);
	expect("'reason': 'listener', 'culprit_holder': {'role': 'listener', 'blocks': true, "
	       "'kernel': null, 'processes': [], 'bound_by': {'pid': %d, 'alive': true}}",
	       getpid());
	shut(receive_fd(channel[1]));
	bind_ok(fd, ep);
	return 0;
}
