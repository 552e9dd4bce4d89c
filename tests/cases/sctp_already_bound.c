/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* bind() of a socket that is bound; more addresses need sctp_bindx(). */
#include "kit.h"

int main(void)
{
	unsigned port = free_port();
	struct ep ep = at("127.0.0.1", port), more = at("127.0.0.2", port);
	int fd = bound_on(ep, SCTP);

	disallow_self();
	bind_refused(fd, more, EINVAL);
	advised("use_new_socket", "now");
	expect("'reason': 'already_bound', 'layer': 'arguments', 'holders': null");
	bind_ok(new_socket(ep, SCTP), more);
	return 0;
}
