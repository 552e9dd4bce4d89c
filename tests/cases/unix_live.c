/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The same process serves the file already. */
#include "kit.h"

int main(void)
{
	struct ep ep = beside("app.sock");
	int holder = listen_on(ep, 0), fd = refuse(ep, 0, EADDRINUSE);

	if (!is_seen("unix")) {
		expect_quiet();
		return 0;
	}
	advised("stop_holder", "now");
	not_advised("remove_file");
	not_advised("use_other_port");
	expect("'reason': 'unix_path_live', 'layer': 'filesystem', "
	       "'culprit_holder': {'role': 'unix', 'state': 'listen', 'protocol': 'unix', "
	       "'address': '%s', 'processes': [{'pid': %d, 'fd': %d}]}",
	       ep.un.sun_path, getpid(), holder);
	shut(holder);
	must(!unlink(ep.un.sun_path), "unlink failed");
	bind_ok(fd, ep);
	return 0;
}
