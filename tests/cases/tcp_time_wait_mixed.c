/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Of two TIME_WAIT one has SO_REUSEADDR and one lacks it: one is enough to refuse (kernel.md
 * 2.1).
 */
#include "kit.h"

int main(void)
{
	unsigned port = free_port();
	struct ep any = at("0.0.0.0", port), one = at("127.0.0.1", port),
		  two = at("127.0.0.2", port);
	int fd;

	time_wait(one, RA);
	time_wait_of(lone_connection(two, 0), port, 2);
	fd = refuse(any, RA, EADDRINUSE);
	advised("wait", "after_wait");
	not_advised_now("set_reuseaddr");
	expect("'reason': 'time_wait', 'frees_in_s': {'min': 45, 'max': 66}, "
	       "'holder_totals': {'total': 2, 'blocking': 1}, "
	       "'culprit_holder': {'role': 'time_wait', 'address': '127.0.0.2', 'blocks': true, "
	       "'overlap': 'new_wildcard', 'reuseaddr_refused': 'holder_lacks'}");
	bind_ok(fd, one); /* the other address is free for who sets the option */
	return 0;
}
