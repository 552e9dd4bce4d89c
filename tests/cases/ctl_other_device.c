/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* One socket is bound to lo, the other to another device: they never meet (kernel.md 2.1). */
#include <net/if.h>

#include "kit.h"

int main(void)
{
	struct ep ep = at("0.0.0.0", free_port());
	struct if_nameindex *list = if_nameindex(), *other = list;
	int fd = new_socket(ep, 0);

	while (other && other->if_index && !strcmp(other->if_name, "lo"))
		other++;
	if (!other || !other->if_index)
		skip("there is no device but lo");
	listen_on(ep, ON_LO);
	must(!setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, other->if_name,
	                 (socklen_t)strlen(other->if_name) + 1),
	     "SO_BINDTODEVICE failed");
	bind_ok(fd, ep);
	listen_ok(fd);
	expect_quiet();
	return 0;
}
