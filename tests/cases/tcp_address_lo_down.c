/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A fresh network namespace, where not even lo is up. */
#include <sched.h>

#include "kit_net.h"

int main(void)
{
	struct ep ep = at("::1", free_port());
	int fd;

	if (unshare(CLONE_NEWNET))
		skip("no permission for a network namespace");
	fd = refuse(ep, 0, EADDRNOTAVAIL);
	advised("bring_up", "now");
	expect("'reason': 'address_not_local', 'address_state': 'down', 'address_device': 'lo'");
	set_link("lo", true);
	bind_ok(fd, ep);
	return 0;
}
