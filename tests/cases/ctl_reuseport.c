/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Two listeners with SO_REUSEPORT and one user share the port (kernel.md 2.1). */
#include "kit.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port());

	listen_on(ep, RP);
	listen_on(ep, RP);
	expect_quiet();
	return 0;
}
