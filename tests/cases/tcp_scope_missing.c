/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A link-local address says nothing without its interface (kernel.md 1.1 row 10). */
#include <net/if.h>
#include <sys/ioctl.h>

#include "kit.h"

/* linux/ipv6.h, which does not go with netinet/in.h */
struct in6_ifreq {
	struct in6_addr ifr6_addr;
	uint32_t ifr6_prefixlen;
	int ifr6_ifindex;
};

/* The address is there, and duplicate address detection is done with it (flag 0x40: tentative). */
static bool is_usable(void)
{
	char line[128], address[33] = "";
	unsigned flags = 0x40;
	FILE *f = fopen("/proc/self/net/if_inet6", "re");

	while (f && fgets(line, sizeof(line), f))
		if (sscanf(line, "%32s %*x %*x %*x %x", address, &flags) == 2 &&
		    !strncmp(address, "fe80", 4))
			break;
	if (f)
		fclose(f);
	return !(flags & 0x40) && !strncmp(address, "fe80", 4);
}

int main(void)
{
	struct ep ep = at("fe80::77", free_port());
	struct in6_ifreq request = { .ifr6_addr = ep.in6.sin6_addr,
		                     .ifr6_prefixlen = 64,
		                     .ifr6_ifindex = 1 };
	int fd;

	private_net();
	fd = refuse(ep, 0, EINVAL);
	advised("set_scope", "now");
	expect("'reason': 'scope_missing', 'layer': 'arguments'");
	must(!ioctl(fd, SIOCSIFADDR, &request), "giving lo an address failed");
	for (int i = 0; i < 5000 && !is_usable(); i++)
		nap_ms(1);
	ep.in6.sin6_scope_id = 1; /* lo is 1 in every namespace */
	bind_ok(fd, ep);
	return 0;
}
