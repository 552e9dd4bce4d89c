/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The port is held in another network namespace (kernel.md 2.0). */
#include "kit.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port());
	struct child c;

	if (start_child(&c)) {
		private_net();
		listen_on(ep, 0);
		signal_parent(&c);
		wait_parent(&c);
		return 0;
	}
	wait_child(&c);
	listen_on(ep, 0);
	end_child(&c);
	expect_quiet();
	return 0;
}
