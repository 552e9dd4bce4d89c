/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* listen() on a file, and on no descriptor at all. */
#include <fcntl.h>

#include "kit.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port());
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

	must(listen(fd, 1) && errno == ENOTSOCK, "no ENOTSOCK");
	ep.len = 0;
	remember("listen", fd, ep, ENOTSOCK);
	expect("'reason': 'not_a_socket', 'layer': 'arguments', 'family': null, 'socket': null");
	shut(fd);
	must(listen(fd, 1) && errno == EBADF, "no EBADF");
	remember("listen", fd, ep, EBADF);
	expect("'reason': 'not_a_socket', 'layer': 'arguments', 'family': null, 'port': null");
	return 0;
}
