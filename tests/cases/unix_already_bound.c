/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A second bind of one socket: it keeps its first name. */
#include "kit.h"

int main(void)
{
	struct ep ep = beside("first.sock"), other = beside("second.sock");
	int fd = bound_on(ep, 0);

	bind_refused(fd, other, EINVAL);
	advised("use_new_socket", "now");
	expect("'reason': 'already_bound', 'layer': 'arguments'");
	unlink(other.un.sun_path); /* 5.10 leaves it behind */
	bind_ok(new_socket(other, 0), other);
	return 0;
}
