/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The port is the source port of an NFS mount: the kernel has connected, in one of its
 * threads, and no process has the socket.
 */
#include "kit_nfs.h"

int main(void)
{
	unsigned port = free_port();
	struct ep server, ep;
	struct child c;
	int listener, accepted, fd;

	private_net();
	nfs_source_port(port);
	server = at("127.0.0.1", free_port());
	ep = at("0.0.0.0", port);
	listener = listen_on(server, 0);
	nfs_mount(&c, server);
	accepted = accept_from(listener);
	disallow_self();
	fd = refuse(ep, RA, EADDRINUSE);
	advised("stop_kernel_use", "now");
	not_advised("stop_holder");
	not_advised("reserve_port");
	expect("'reason': 'outgoing_connection', 'culprit_holder': {'role': 'outgoing', "
	       "'state': 'established', 'kernel': true, 'processes': [], 'peer_port': %u}",
	       port_of(server));
	kill_child(&c);
	shut(accepted);
	expect_more();
	while (bind(fd, &ep.sa, ep.len)) /* a thread of the kernel closes it, when it likes */
		nap_ms(1);
	return 0;
}
