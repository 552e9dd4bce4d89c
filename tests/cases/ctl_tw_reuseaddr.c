/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* TIME_WAIT on the port and SO_REUSEADDR in both runs: no conflict (kernel.md 2.1). */
#include "kit.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port());

	time_wait(ep, RA);
	listen_on(ep, RA);
	expect_quiet();
	return 0;
}
