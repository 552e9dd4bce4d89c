/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A datagram socket, bound only, is no less alive; asking for it does not disturb it. */
#include "kit.h"

int main(void)
{
	struct ep ep = beside("app.sock");
	int holder = bound_on(ep, UDP), fd = refuse(ep, 0, EADDRINUSE);
	char byte;

	expect("'reason': 'unix_path_live', "
	       "'culprit_holder': {'role': 'unix', 'state': 'close', 'processes': [{'pid': %d}]}",
	       getpid());
	must(recv(holder, &byte, 1, MSG_DONTWAIT) < 0 && errno == EAGAIN, "somebody wrote to it");
	shut(holder);
	must(!unlink(ep.un.sun_path), "unlink failed");
	bind_ok(fd, ep);
	return 0;
}
