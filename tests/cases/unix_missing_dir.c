/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The directory of the path is not there. */
#include <sys/stat.h>

#include "kit.h"

int main(void)
{
	struct ep dir = beside("run"), ep = beside("run/app.sock");
	int fd = refuse(ep, 0, ENOENT);

	advised("create_directory", "now");
	not_advised("remove_file");
	expect("'reason': 'unix_path_error', 'layer': 'filesystem'");
	must(!mkdir(dir.un.sun_path, 0755), "mkdir failed");
	bind_ok(fd, ep);
	must(!unlink(ep.un.sun_path), "unlink failed");
	return 0;
}
