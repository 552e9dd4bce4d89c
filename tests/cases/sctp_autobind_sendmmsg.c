/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* sendmmsg(): the first of its messages is refused. */
#include "kit.h"

int main(void)
{
	struct ep to = at("127.0.0.1", 20000);
	struct iovec one = { .iov_base = "x", .iov_len = 1 };
	struct mmsghdr messages[2];
	int fd;

	private_net();
	set_sysctl("ipv4/ip_local_port_range", "30000 30001");
	bound_on(at("127.0.0.1", 30000), SCTP);
	bound_on(at("127.0.0.1", 30001), SCTP);
	listen_on(to, SCTP | MANY);
	memset(messages, 0, sizeof(messages));
	for (int i = 0; i < 2; i++) {
		messages[i].msg_hdr.msg_name = &to.sa;
		messages[i].msg_hdr.msg_namelen = to.len;
		messages[i].msg_hdr.msg_iov = &one;
		messages[i].msg_hdr.msg_iovlen = 1;
	}
	fd = new_socket(to, SCTP | MANY);
	must(sendmmsg(fd, messages, 2, 0) < 0 && errno == EAGAIN, "no EAGAIN");
	remember("autobind", fd, at("0.0.0.0", 0), EAGAIN);
	advised("widen_port_range", "now");
	expect("'reason': 'ephemeral_exhausted', 'layer': 'port_table'");
	set_sysctl("ipv4/ip_local_port_range", "10000 65535");
	must(sendmmsg(fd, messages, 2, 0) == 2, "the advice did not help");
	return 0;
}
