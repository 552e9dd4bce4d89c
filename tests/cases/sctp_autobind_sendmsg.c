/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* sendmsg() of an unbound one-to-one socket, with no port left: a message would have connected it (sctp_autobind). */
#include "kit.h"

int main(void)
{
	struct ep to = at("127.0.0.1", 20000);
	struct iovec one = { .iov_base = "x", .iov_len = 1 };
	struct msghdr message = {
		.msg_name = &to.sa, .msg_namelen = to.len, .msg_iov = &one, .msg_iovlen = 1
	};
	int fd;

	private_net();
	set_sysctl("ipv4/ip_local_port_range", "30000 30001");
	bound_on(at("127.0.0.1", 30000), SCTP);
	bound_on(at("127.0.0.1", 30001), SCTP);
	listen_on(to, SCTP);
	fd = new_socket(to, SCTP);
	must(sendmsg(fd, &message, 0) < 0 && errno == EAGAIN, "no EAGAIN");
	remember("autobind", fd, at("0.0.0.0", 0), EAGAIN);
	advised("widen_port_range", "now");
	expect("'reason': 'ephemeral_exhausted', 'layer': 'port_table'");
	set_sysctl("ipv4/ip_local_port_range", "10000 65535");
	must(sendmsg(fd, &message, 0) == 1, "the advice did not help");
	return 0;
}
