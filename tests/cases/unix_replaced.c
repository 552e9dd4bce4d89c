/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The old server lives on without its file: the one that has the file now is named. */
#include "kit_servers.h"

int main(void)
{
	struct ep ep = beside("app.sock");
	struct child c;
	int holder;

	start_holder(&c, listen_on, ep, 0);
	must(!unlink(ep.un.sun_path), "unlink failed");
	holder = listen_on(ep, 0);
	refuse(ep, 0, EADDRINUSE);
	expect("'reason': 'unix_path_live', 'culprit_holder': {'processes': [{'pid': %d, 'fd': "
	       "%d}]}",
	       getpid(), holder);
	end_child(&c);
	return 0;
}
