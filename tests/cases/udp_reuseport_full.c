/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A group of SO_REUSEPORT has room for 32,768 sockets (reuseport_grow): the next one is told EADDRINUSE, though nobody
 * is in its way (kernel.md 1.2 UDP_RP_GROUP).
 */
#include <sys/resource.h>

#include "kit.h"

enum { ROOM = 32768, FILES = ROOM / 2 + 100 };

/* A process that has half of the sockets. */
static void fill_half(struct child *c, struct ep ep)
{
	if (!start_child(c)) {
		wait_child(c);
		allow(c->pid);
		return;
	}
	for (int i = 0; i < ROOM / 2; i++)
		bind_ok(new_socket(ep, UDP | RP), ep);
	signal_parent(c);
	wait_parent(c);
	exit(0);
}

int main(void)
{
	struct rlimit files = { FILES, FILES };
	struct child one, other;
	struct ep ep;
	int fd;

	must(!setrlimit(RLIMIT_NOFILE, &files), "so many open files are not allowed");
	private_net();
	ep = at("127.0.0.1", free_port());
	fill_half(&one, ep);
	fill_half(&other, ep);
	fd = refuse(ep, UDP | RP, EADDRINUSE);
	expect("'reason': 'other', 'holder_totals': {'truncated': true, 'blocking': 0}, 'summary': "
	       "'not all "
	       "sockets of the port were seen, and of those none is in the way; its SO_REUSEPORT "
	       "group "
	       "may be full, as it takes 32,768 sockets'");
	end_child(&other); /* it has one's pipe, too */
	bind_ok(fd, ep);
	end_child(&one);
	return 0;
}
