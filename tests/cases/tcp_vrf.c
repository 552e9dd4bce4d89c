/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The asker is in a VRF, as is one listener; another listener is in none. The two never meet: each
 * VRF has ports of its own, and a socket bound to no device is in none (tcp_l3mdev_accept=0).
 */
#include "kit_link.h"

static int on_device(struct ep ep, const char *device)
{
	int fd = new_socket(ep, 0);

	must(!setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, device, (socklen_t)strlen(device) + 1),
	     "SO_BINDTODEVICE failed");
	return fd;
}

int main(void)
{
	int outside, inside, fd;
	struct ep ep;

	private_net();
	add_vrf("vrf0", 10);
	ep = at("0.0.0.0", free_port());
	outside = listen_on(ep, 0);
	inside = on_device(ep, "vrf0");
	bind_ok(inside, ep);
	listen_ok(inside);
	fd = on_device(ep, "vrf0");
	bind_refused(fd, ep, EADDRINUSE);
	advised("stop_holder", "now");
	expect("'reason': 'listener', 'culprit_holder': {'role': 'listener', 'blocks': true, "
	       "'processes': [{'pid': %d, 'fd': %d}]}, 'holder_totals': {'blocking': 1}",
	       getpid(), inside);
	shut(fd);
	fd = refuse(ep, 0, EADDRINUSE);
	expect("'reason': 'listener', 'culprit_holder': {'role': 'listener', 'blocks': true, "
	       "'processes': [{'pid': %d, 'fd': %d}]}, 'holder_totals': {'blocking': 1}",
	       getpid(), outside);
	shut(fd);
	shut(inside);
	fd = on_device(ep, "vrf0");
	bind_ok(fd, ep);
	return 0;
}
