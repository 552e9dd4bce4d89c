/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Another program listens (sctp_get_port_local, kernel.md 1.2 SCTP_*); both sockets are plain. */
#include "kit_servers.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port());
	struct child c;
	int fd;

	start_holder(&c, listen_on, ep, SCTP);
	allow(c.pid);
	fd = refuse(ep, SCTP, EADDRINUSE);
	if (!is_seen("sctp")) {
		expect("'reason': 'other', 'holders': null, 'advice': []");
		end_child(&c);
		return 0;
	}
	advised("stop_holder", "now");
	advised("use_other_port", "now");
	not_advised("set_reuseaddr");
	not_advised("wait");
	expect("'reason': 'listener', 'frees_in_s': null, 'coverage': {'holders': 'files'}, "
	       "'holder_totals': {'total': 1, 'blocking': 1, 'truncated': false}, "
	       "'culprit_holder': {'role': 'listener', 'state': 'listen', 'protocol': 'sctp', "
	       "'address': '127.0.0.1', 'port': %u, 'blocks': true, 'overlap': 'same_address', "
	       "'reuseaddr_refused': 'both_lack', 'reuseport_refused': 'both_lack', "
	       "'more_addresses': null, 'processes': [{'pid': %d, 'comm': '%s'}]}",
	       port_of(ep), c.pid, own_comm());
	bind_ok(new_socket(ep, SCTP), with_port(ep, free_port()));
	end_child(&c);
	bind_ok(fd, ep);
	return 0;
}
