/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The same with a FIN_WAIT2 mini-socket of 4 s; the peer might prolong it, so "at least"
 * (kernel.md 5).
 */
#include "kit.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port());
	struct conn c;
	uint64_t since;
	int fd;

	private_net();
	set_sysctl("ipv4/tcp_fin_timeout", "4");
	expect_more(); /* the polling below is refused, too */
	c = lone_connection(ep, 0);
	shut(c.server);
	await_mini(port_of(ep), TCP_FIN_WAIT2);
	since = boottime_ns();
	fd = refuse(ep, 0, EADDRINUSE);
	advised("wait", "after_wait");
	expect("'reason': 'fin_wait2', 'frees_in_s': {'min': 1, 'max': 5}, "
	       "'culprit_holder': {'role': 'fin_wait2', 'blocks': true, "
	       "'time_wait': {'closed_by': {'pid': %d}}}",
	       getpid());
	while (bind(fd, &ep.sa, ep.len)) {
		must(errno == EADDRINUSE && boottime_ns() - since < 15000000000,
		     "the port did not free");
		nap_ms(10);
	}
	printf("{\"freed_boottime_ns\": %llu, \"at_least\": true}\n",
	       (unsigned long long)boottime_ns());
	return 0;
}
