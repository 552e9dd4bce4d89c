/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The server has closed, but its peer does not take what was sent: the association keeps the port, and no
 * process has it open. Who it was is not known, and nobody else is named. From the next time on SO_REUSEADDR
 * helps.
 */
#include "kit.h"

/* What is left of a server whose client does not read. */
static int orphan(struct ep ep, unsigned options)
{
	int listener = listen_on(ep, options), client = new_socket(ep, SCTP), server;

	must(!connect(client, &ep.sa, ep.len), "connect failed");
	server = accept_from(listener);
	shut(listener);
	fill(server);
	shut(server);
	disallow_self();
	return client;
}

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port());
	int client = orphan(ep, SCTP), fd = refuse(ep, SCTP, EADDRINUSE);

	advised("wait", "after_wait");
	advised("set_reuseaddr", "next_restart");
	not_advised("stop_holder");
	expect("'reason': 'orphan', 'holders': null, 'frees_in_s': null, 'summary': 'the kernel is "
	       "still closing an association that no process has any more, with 127.0.0.1:%u'",
	       local_port(client));
	shut(client);
	await_association_gone(port_of(ep));
	bind_ok(fd, ep);

	ep = with_port(ep, free_port());
	orphan(ep, SCTP | RA);
	bind_ok(new_socket(ep, SCTP | RA), ep);
	return 0;
}
