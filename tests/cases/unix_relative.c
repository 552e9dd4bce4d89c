/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The path is relative: it is looked up where the asker is, not where the tracer is. */
#include "kit.h"

int main(void)
{
	struct ep ep = beside("app.sock"), name = at_path("app.sock");
	int holder = listen_on(ep, 0), fd;

	must(!chdir(beside(".").un.sun_path), "chdir failed");
	fd = refuse(name, 0, EADDRINUSE);
	expect("'reason': 'unix_path_live', "
	       "'culprit_holder': {'role': 'unix', 'processes': [{'pid': %d, 'fd': %d}]}",
	       getpid(), holder);
	shut(holder);
	must(!unlink("app.sock"), "unlink failed");
	bind_ok(fd, name);
	return 0;
}
