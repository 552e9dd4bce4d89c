/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A group of SO_REUSEPORT has room for 32,768 sockets (reuseport_grow): the next one is told EADDRINUSE, though nobody
 * is in its way (kernel.md 1.2 UDP_RP_GROUP).
 */
#include "kit_servers.h"

int main(void)
{
	struct child half[2];
	struct ep ep = fill_group(half, UDP);
	int fd = refuse(ep, UDP | RP, EADDRINUSE);

	expect("'reason': 'other', 'holder_totals': {'truncated': true, 'blocking': 0}, 'summary': "
	       "'not all "
	       "sockets of the port were seen, and of those none is in the way; its SO_REUSEPORT "
	       "group "
	       "may be full, as it takes 32,768 sockets'");
	end_child(&half[1]);
	bind_ok(fd, ep);
	end_child(&half[0]);
	return 0;
}
