/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The asker is in a VRF, as is one listener; another listener is in none. The two never meet: each
 * VRF has ports of its own, and a socket bound to no device is in none (tcp_l3mdev_accept=0).
 */
#include "kit_link.h"

static void expect_only(int holder)
{
	advised("stop_holder", "now");
	expect("'reason': 'listener', 'culprit_holder': {'role': 'listener', 'blocks': true, "
	       "'processes': [{'pid': %d, 'fd': %d}]}, 'holder_totals': {'total': 1, 'blocking': "
	       "1}",
	       getpid(), holder);
}

int main(void)
{
	int outside, inside, fd;
	struct ep ep;

	private_net();
	add_vrf("vrf0", 10);
	ep = at("0.0.0.0", free_port());
	inside = socket_on("vrf0", ep);
	bind_ok(inside, ep);
	listen_ok(inside);
	outside = listen_on(ep, 0);
	fd = socket_on("vrf0", ep);
	bind_refused(fd, ep, EADDRINUSE);
	expect_only(inside);
	shut(refuse(ep, 0, EADDRINUSE));
	expect_only(outside);
	shut(inside);
	bind_ok(fd, ep);
	return 0;
}
