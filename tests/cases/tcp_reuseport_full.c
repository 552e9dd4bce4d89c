/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A group of SO_REUSEPORT has room for 32,768 listeners (reuseport_grow): the next one's listen() is told ENOMEM,
 * though there is memory (kernel.md 1.3).
 */
#include "kit_servers.h"

int main(void)
{
	struct child half[2];
	struct ep ep = fill_group(half, 0);
	int fd = bound_on(ep, RP);

	listen_refused(fd, ep, ENOMEM);
	expect("'reason': 'kernel_memory', 'layer': 'memory', 'summary': 'the kernel had no memory "
	       "for it, or "
	       "the SO_REUSEPORT group of the port is full: it takes 32,768 sockets'");
	end_child(&half[1]);
	listen_ok(fd);
	end_child(&half[0]);
	return 0;
}
