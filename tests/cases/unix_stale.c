/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A socket file that its server left behind: nobody holds it, and it never goes by itself. */
#include "kit.h"

int main(void)
{
	struct ep ep = beside("app.sock");
	int fd;

	shut(listen_on(ep, 0));
	fd = refuse(ep, 0, EADDRINUSE);
	disallow_self();
	advised("remove_file", "now");
	advised("remove_file", "next_restart");
	not_advised("stop_holder");
	not_advised("wait");
	expect("'reason': 'unix_path_stale', 'layer': 'filesystem', 'holders': []");
	must(!unlink(ep.un.sun_path), "unlink failed");
	bind_ok(fd, ep);
	return 0;
}
