/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The descriptor is a file, or none at all (kernel.md 1.0). */
#include <fcntl.h>

#include "kit.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port());
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

	bind_refused(fd, ep, ENOTSOCK);
	not_advised("stop_holder");
	expect("'reason': 'not_a_socket', 'layer': 'arguments', 'socket': null, 'holders': null");
	shut(fd);
	bind_refused(fd, ep, EBADF);
	expect("'reason': 'not_a_socket', 'layer': 'arguments'");
	bind_ok(new_socket(ep, 0), ep);
	return 0;
}
