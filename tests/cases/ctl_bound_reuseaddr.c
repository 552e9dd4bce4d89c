/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Two bound sockets with SO_REUSEADDR, one of which listens in the end (kernel.md 2.1). */
#include "kit.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port());
	int first = bound_on(ep, RA);

	bound_on(ep, RA);
	listen_ok(first);
	expect_quiet();
	return 0;
}
