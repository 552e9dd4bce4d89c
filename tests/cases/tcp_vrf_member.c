/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The asker is bound to a device that belongs to a VRF: it is in that VRF, and meets who is bound to
 * the same device; not who is bound to the VRF itself, and not who is bound to none.
 */
#include "kit_link.h"

int main(void)
{
	int inside, whole, fd;
	struct ep ep;

	private_net();
	add_vrf("vrf0", 10);
	add_dummy("dummy0", "vrf0");
	ep = at("0.0.0.0", free_port());
	inside = socket_on("dummy0", ep);
	bind_ok(inside, ep);
	listen_ok(inside);
	whole = socket_on("vrf0", ep);
	bind_ok(whole, ep);
	listen_ok(whole);
	listen_on(ep, 0);
	fd = socket_on("dummy0", ep);
	bind_refused(fd, ep, EADDRINUSE);
	advised("stop_holder", "now");
	expect("'reason': 'listener', 'culprit_holder': {'role': 'listener', 'blocks': true, "
	       "'processes': [{'pid': %d, 'fd': %d}]}, 'holder_totals': {'total': 2, 'blocking': "
	       "1}",
	       getpid(), inside);
	shut(inside);
	bind_ok(fd, ep);
	return 0;
}
