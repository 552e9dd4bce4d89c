/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* bind() to port 0, and listen() without any bind(): the kernel picks. */
#include "kit.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", 0);

	listen_on(ep, 0);
	listen_ok(new_socket(ep, 0));
	expect_quiet();
	return 0;
}
