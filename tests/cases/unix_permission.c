/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* An ordinary user may not write to the directory. */
#include <sys/stat.h>

#include "kit.h"

int main(void)
{
	struct ep ep = beside("app.sock"), dir = beside(".");
	struct child c;

	if (start_child(&c)) {
		must(!setgid(1000) && !setuid(1000), "setuid failed");
		refuse(ep, 0, EACCES);
		signal_parent(&c);
		wait_parent(&c);
		bind_ok(new_socket(ep, 0), ep);
		return 0;
	}
	wait_child(&c);
	refused_in(c.pid, getpid(), 1000, ep, EACCES);
	advised("grant_access", "now");
	not_advised("grant_capability");
	expect("'reason': 'unix_path_error', 'layer': 'filesystem'");
	must(!chmod(dir.un.sun_path, 0777), "chmod failed");
	end_child(&c);
	return 0;
}
