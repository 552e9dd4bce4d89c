/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* connect() to a port where nobody listens is no refused bind. */
#include "kit.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port());
	int fd = new_socket(ep, 0);

	must(connect(fd, &ep.sa, ep.len) && errno == ECONNREFUSED, "connect had to be refused");
	expect_quiet();
	return 0;
}
