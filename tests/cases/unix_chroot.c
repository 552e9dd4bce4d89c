/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The same path is another file in the asker's root: the live one outside is not named. */
#include <sys/stat.h>

#include "kit.h"

int main(void)
{
	struct ep ep = at_path("/bindtrace-case.sock"), root = beside("root");
	struct child c;

	must(!mkdir(root.un.sun_path, 0755), "mkdir failed");
	if (start_child(&c)) {
		must(!chroot(root.un.sun_path), "chroot failed");
		shut(listen_on(ep, 0));
		signal_parent(&c);
		wait_parent(&c);
		refuse(ep, 0, EADDRINUSE);
		signal_parent(&c);
		wait_parent(&c);
		return unlink(ep.un.sun_path);
	}
	wait_child(&c);
	unlink(ep.un.sun_path);
	listen_on(ep, 0); /* of the machine, at the same path */
	signal_child(&c);
	wait_child(&c);
	refused_in(c.pid, getpid(), getuid(), ep, EADDRINUSE);
	disallow_self();
	advised("remove_file", "now");
	not_advised("stop_holder");
	expect("'reason': 'unix_path_stale', 'holders': []");
	end_child(&c);
	must(!unlink(ep.un.sun_path), "unlink failed");
	return 0;
}
