/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A file that is no socket has the name. */
#include "kit.h"

int main(void)
{
	struct ep ep = beside("app.sock"), other = beside("other.sock");
	FILE *f = fopen(ep.un.sun_path, "we");
	int fd;

	must(f && !fclose(f), "making a file failed");
	fd = refuse(ep, 0, EADDRINUSE);
	advised("use_other_path", "now");
	not_advised("remove_file");
	not_advised("stop_holder");
	expect("'reason': 'unix_path_not_socket', 'layer': 'filesystem'");
	bind_ok(fd, other);
	return 0;
}
