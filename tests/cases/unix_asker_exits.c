/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Whoever asked is gone when it is looked up: an absolute path is still the same file. */
#include "kit.h"

int main(void)
{
	struct ep ep = beside("app.sock");
	struct child c;
	pid_t pid;

	if (start_child(&c)) {
		wait_parent(&c);
		refuse(ep, 0, EADDRINUSE);
		return 0;
	}
	listen_on(ep, 0);
	pid = c.pid;
	end_child(&c);
	refused_in(pid, getpid(), getuid(), ep, EADDRINUSE);
	expect("'reason': 'unix_path_live', "
	       "'culprit_holder': {'role': 'unix', 'processes': [{'pid': %d}]}",
	       getpid());
	return 0;
}
