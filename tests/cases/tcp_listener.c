/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A live listener has the same address and neither side set anything: the plain conflict
 * (kernel.md 2.1).
 */
#include "kit.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port());
	int holder = listen_on(ep, 0), fd = refuse(ep, 0, EADDRINUSE);

	advised("stop_holder", "now");
	advised("use_other_port", "now");
	not_advised("set_reuseaddr");
	not_advised("wait");
	not_advised_now("set_reuseport");
	expect("'reason': 'listener', 'frees_in_s': null, "
	       "'holder_totals': {'total': 1, 'blocking': 1, 'truncated': false}, "
	       "'culprit_holder': {'role': 'listener', 'state': 'listen', 'protocol': 'tcp', "
	       "'family': 'ipv4', 'address': '127.0.0.1', 'port': %u, 'blocks': true, "
	       "'overlap': 'same_address', 'reuseaddr_refused': 'both_lack', "
	       "'reuseport_refused': 'both_lack', 'reuse_address': false, 'reuse_port': false, "
	       "'uid': 0, 'processes': [{'pid': %d, 'comm': '%s', 'fd': %d}], "
	       "'bound_by': {'pid': %d, 'comm': '%s'}}",
	       port_of(ep), getpid(), own_comm(), holder, getpid(), own_comm());
	bind_ok(new_socket(ep, 0), with_port(ep, free_port()));
	shut(holder);
	bind_ok(fd, ep);
	return 0;
}
