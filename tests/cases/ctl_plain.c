/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A bind that simply succeeds. */
#include "kit.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port());

	listen_on(ep, 0);
	expect_quiet();
	return 0;
}
