/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The server was killed with SIGKILL: the FIN was sent in its name (kernel.md 5). */
#include "kit_servers.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port());
	struct child c;
	int client;

	if (start_child(&c)) {
		int listener = listen_on(ep, 0), server;

		signal_parent(&c);
		server = accept_from(listener);
		must(server >= 0, "accept failed");
		signal_parent(&c);
		wait_parent(&c);
	}
	wait_child(&c);
	client = connect_to(ep);
	wait_child(&c);
	kill_child(&c);
	refuse_in_time_wait(ep, client, c.pid, false);
	return 0;
}
