/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The server is in another network namespace: its file is here all the same. */
#include "kit.h"

int main(void)
{
	struct ep ep = beside("app.sock");
	struct child c;

	if (start_child(&c)) {
		private_net();
		listen_on(ep, 0);
		signal_parent(&c);
		wait_parent(&c);
		return 0;
	}
	wait_child(&c);
	allow(c.pid);
	refuse(ep, 0, EADDRINUSE);
	expect("'reason': 'unix_path_live', "
	       "'culprit_holder': {'role': 'unix', 'state': 'listen', 'processes': [{'pid': %d}]}",
	       c.pid);
	end_child(&c);
	return 0;
}
