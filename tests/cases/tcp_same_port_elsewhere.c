/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The same port is also held in another namespace and over UDP; only the true holder may be
 * named.
 */
#include "kit_servers.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port());
	struct child elsewhere, holder;
	int fd;

	if (start_child(&elsewhere)) {
		private_net();
		listen_on(ep, 0);
		bind_ok(new_socket(ep, UDP), ep);
		signal_parent(&elsewhere);
		wait_parent(&elsewhere);
		return 0;
	}
	wait_child(&elsewhere);
	start_holder(&holder, listen_on, ep, 0);
	allow(holder.pid);
	bind_ok(new_socket(ep, UDP), ep);
	fd = refuse(ep, 0, EADDRINUSE);
	expect("'reason': 'listener', 'holder_totals': {'total': 1, 'blocking': 1}, "
	       "'culprit_holder': {'role': 'listener', "
	       "'processes': [{'pid': %d}], 'bound_by': {'pid': %d}}",
	       holder.pid, holder.pid);
	end_child(&holder);
	bind_ok(fd, ep);
	end_child(&elsewhere);
	return 0;
}
