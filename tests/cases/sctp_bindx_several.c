/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * sctp_bindx() of two addresses: the kernel does not tell which of them it refused. Where it is the first its
 * holder is named, and where it is not nobody is.
 */
#include "kit.h"

int main(void)
{
	unsigned port = free_port();
	struct ep both[] = { at("127.0.0.1", port), at("127.0.0.2", port) };
	int holder = listen_on(both[0], SCTP), fd = new_socket(both[0], SCTP);

	bindx_refused(fd, both, 2, EADDRINUSE);
	advised("stop_holder", "now");
	expect("'reason': 'listener', 'culprit_holder': {'address': '127.0.0.1', "
	       "'blocks': true, 'processes': [{'pid': %d, 'fd': %d}]}",
	       getpid(), holder);
	shut(holder);
	holder = listen_on(both[1], SCTP);
	disallow_self();
	bindx_refused(fd, both, 2, EADDRINUSE);
	not_advised("stop_holder");
	expect("'reason': 'sctp_in_use', 'holders': null");
	shut(holder);
	shut(fd); /* the first address has stayed with it: sctp_bindx_rem() leaves the last one */
	bindx_ok(new_socket(both[0], SCTP), both, 2);
	return 0;
}
