/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * RDS wants to connect over TCP, for which a thread of the kernel binds a socket (rds_tcp_conn_path_connect()): it is
 * refused, because a process has all the ports there are.
 */
#include <linux/rds.h>

#include "kit.h"

enum { KTHREADD = 2 };

static void send_by_rds(struct ep from, struct ep to)
{
	int fd = socket(AF_RDS, SOCK_SEQPACKET, 0), transport = RDS_TRANS_TCP;

	if (fd < 0 || setsockopt(fd, SOL_RDS, SO_RDS_TRANSPORT, &transport, sizeof(transport)))
		skip("this kernel has no RDS over TCP");
	must(!bind(fd, &from.sa, from.len), "binding the RDS socket failed");
	must(sendto(fd, "", 1, MSG_DONTWAIT, &to.sa, to.len) == 1, "sending by RDS failed");
}

int main(void)
{
	private_net();
	set_sysctl("ipv4/ip_local_port_range", "30000 30001");
	bound_on(at("127.0.0.1", 30000), 0);
	bound_on(at("127.0.0.1", 30001), 0);
	printf("{\"child\": %d}\n", KTHREADD); /* events of its children are the case's */
	send_by_rds(at("127.0.0.1", 20000), at("192.0.2.1", 20001));
	if (!is_seen("kernel_binders")) {
		expect_quiet();
		return 0;
	}
	await_event();
	refused_in(0, KTHREADD, 0, at("127.0.0.1", 0), EADDRINUSE);
	expect_more(); /* it tries again */
	advised("widen_port_range", "now");
	expect("'reason': 'ephemeral_exhausted', 'socket': {'kernel': true}, "
	       "'port_range': {'taken': 2, 'users': [{'pid': %d, 'ports': 2}]}",
	       getpid());
	return 0;
}
