/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The listener is gone, its connection lives, both runs have SO_REUSEADDR. */
#include "kit.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port());

	lone_connection(ep, RA);
	listen_on(ep, RA);
	expect_quiet();
	return 0;
}
