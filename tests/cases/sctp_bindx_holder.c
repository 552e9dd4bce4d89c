/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The holder has three addresses; it is the second one that is asked for. */
#include "kit.h"

int main(void)
{
	unsigned port = free_port();
	struct ep own[] = { at("127.0.0.1", port), at("127.0.0.2", port), at("127.0.0.3", port) };
	int holder = new_socket(own[0], SCTP), fd;

	bindx_ok(holder, own, 3);
	listen_ok(holder);
	fd = refuse(own[1], SCTP, EADDRINUSE);
	advised("stop_holder", "now");
	not_advised("use_other_address");
	expect("'reason': 'listener', 'holder_totals': {'total': 1, 'blocking': 1}, "
	       "'culprit_holder': {'address': '127.0.0.2', 'more_addresses': 2, "
	       "'blocks': true, 'overlap': 'same_address', "
	       "'processes': [{'pid': %d, 'fd': %d}]}",
	       getpid(), holder);
	bind_ok(new_socket(own[0], SCTP), at("127.0.0.4", port));
	refuse(at("0.0.0.0", port), SCTP, EADDRINUSE);
	not_advised("use_other_address");
	expect("'reason': 'listener', 'holder_totals': {'total': 2, 'blocking': 2}");
	shut(holder);
	bind_ok(fd, own[1]);
	return 0;
}
