/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* listen() on a listener only changes its backlog (kernel.md 1.3). */
#include "kit.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port());

	listen_ok(listen_on(ep, 0));
	expect_quiet();
	return 0;
}
