/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A group of SO_REUSEPORT has room for 32,768 listeners (reuseport_grow): the next one's listen() is told ENOMEM,
 * though there is memory (kernel.md 1.3).
 */
#include <sys/resource.h>

#include "kit.h"

enum { ROOM = 32768, FILES = ROOM / 2 + 100 };

static int bind_in(struct ep ep)
{
	int fd = new_socket(ep, RP);

	bind_ok(fd, ep);
	return fd;
}

/* A process that has half of the sockets. */
static void fill_half(struct child *c, struct ep ep)
{
	if (!start_child(c)) {
		wait_child(c);
		allow(c->pid);
		return;
	}
	for (int i = 0; i < ROOM / 2; i++)
		listen_ok(bind_in(ep));
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
	fd = bind_in(ep);
	listen_refused(fd, ep, ENOMEM);
	expect("'reason': 'kernel_memory', 'layer': 'memory', 'summary': 'the kernel had no memory "
	       "for it, or "
	       "the SO_REUSEPORT group of the port is full: it takes 32,768 sockets'");
	end_child(&other); /* it has one's pipe, too */
	listen_ok(fd);
	end_child(&one);
	return 0;
}
