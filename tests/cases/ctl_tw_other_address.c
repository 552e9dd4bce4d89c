/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* TIME_WAIT on 127.0.0.1 is not in the way of 127.0.0.2 (kernel.md 2.2). */
#include "kit.h"

int main(void)
{
	unsigned port = free_port();

	time_wait(at("127.0.0.1", port), 0);
	listen_on(at("127.0.0.2", port), 0);
	expect_quiet();
	return 0;
}
