/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * One process is refused two ports in a row: two events, each with its own holder (kernel.md
 * 2.1).
 */
#include "kit_servers.h"

int main(void)
{
	struct ep one = at("127.0.0.1", free_port()), two = at("0.0.0.0", free_port());
	struct child c;

	start_holder(&c, listen_on, two, 0);
	listen_on(one, 0);
	refuse(one, 0, EADDRINUSE);
	expect("'reason': 'listener', 'culprit_holder': {'role': 'listener', "
	       "'address': '127.0.0.1', 'port': %u, "
	       "'processes': [{'pid': %d}]}",
	       port_of(one), getpid());
	disallow_self();
	allow(c.pid);
	refuse(two, 0, EADDRINUSE);
	expect("'reason': 'listener', 'culprit_holder': {'role': 'listener', "
	       "'address': '0.0.0.0', 'port': %u, "
	       "'processes': [{'pid': %d}], 'bound_by': {'pid': %d}}",
	       port_of(two), c.pid, c.pid);
	end_child(&c);
	bind_ok(new_socket(two, 0), two);
	return 0;
}
