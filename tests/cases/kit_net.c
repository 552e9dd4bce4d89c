/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Interfaces and addresses, by ioctl() and rtnetlink. */
#include <arpa/inet.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <net/if.h>
#include <sys/ioctl.h>

#include "kit_net.h"

enum { PATIENCE_MS = 10000 };

/* linux/ipv6.h, which does not go with netinet/in.h */
struct in6_ifreq {
	struct in6_addr ifr6_addr;
	uint32_t ifr6_prefixlen;
	int ifr6_ifindex;
};

struct request {
	struct nlmsghdr head;
	struct ifinfomsg info;
	char attributes[256];
};

static struct rtattr *add_attribute(struct request *r, unsigned short type, const void *data,
				    size_t n)
{
	struct rtattr *a = (struct rtattr *)((char *)r + NLMSG_ALIGN(r->head.nlmsg_len));

	a->rta_type = type;
	a->rta_len = (unsigned short)RTA_LENGTH(n);
	if (n)
		memcpy(RTA_DATA(a), data, n);
	r->head.nlmsg_len = NLMSG_ALIGN(r->head.nlmsg_len) + RTA_ALIGN(a->rta_len);
	return a;
}

/* What was added since belongs to it. */
static void end_nest(struct request *r, struct rtattr *a)
{
	a->rta_len = (unsigned short)((char *)r + r->head.nlmsg_len - (char *)a);
}

void veth_pair(const char *one, const char *other)
{
	struct request r = { .head = { .nlmsg_len = NLMSG_LENGTH(sizeof(r.info)),
				       .nlmsg_type = RTM_NEWLINK,
				       .nlmsg_flags = NLM_F_REQUEST | NLM_F_CREATE | NLM_F_EXCL |
						      NLM_F_ACK } };
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	struct ifinfomsg nobody = { 0 };
	struct rtattr *info, *data, *peer;
	char answer[1024];

	add_attribute(&r, IFLA_IFNAME, one, strlen(one) + 1);
	info = add_attribute(&r, IFLA_LINKINFO, NULL, 0);
	add_attribute(&r, IFLA_INFO_KIND, "veth", 4);
	data = add_attribute(&r, IFLA_INFO_DATA, NULL, 0);
	peer = add_attribute(&r, VETH_INFO_PEER, &nobody, sizeof(nobody));
	add_attribute(&r, IFLA_IFNAME, other, strlen(other) + 1);
	end_nest(&r, peer);
	end_nest(&r, data);
	end_nest(&r, info);
	must(fd >= 0 && send(fd, &r, r.head.nlmsg_len, 0) > 0, "rtnetlink cannot be asked");
	must(recv(fd, answer, sizeof(answer), 0) > 0, "rtnetlink does not answer");
	close(fd);
	if (!if_nametoindex(one))
		skip("this kernel has no veth interfaces");
}

static int any_socket(int family)
{
	int fd = socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	must(fd >= 0, "socket failed");
	return fd;
}

void set_link(const char *device, bool up)
{
	struct ifreq request = { 0 };
	int fd = any_socket(AF_INET);

	snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", device);
	must(!ioctl(fd, SIOCGIFFLAGS, &request), "reading the flags of an interface failed");
	request.ifr_flags = (short)(up ? request.ifr_flags | IFF_UP : request.ifr_flags & ~IFF_UP);
	must(!ioctl(fd, SIOCSIFFLAGS, &request), "setting the flags of an interface failed");
	close(fd);
}

void add_address(const char *device, const char *address)
{
	struct ep ep = at(address, 0);
	struct in6_ifreq six = { .ifr6_prefixlen = 64,
				 .ifr6_ifindex = (int)if_nametoindex(device) };
	struct ifreq four = { 0 };
	int fd = any_socket(ep.sa.sa_family);

	if (ep.sa.sa_family == AF_INET6) {
		six.ifr6_addr = ep.in6.sin6_addr;
		must(!ioctl(fd, SIOCSIFADDR, &six), "adding an IPv6 address failed");
	} else {
		snprintf(four.ifr_name, sizeof(four.ifr_name), "%s", device);
		memcpy(&four.ifr_addr, &ep.in, sizeof(ep.in));
		must(!ioctl(fd, SIOCSIFADDR, &four), "adding an address failed");
	}
	close(fd);
}

/* The flags of an address, as /proc shows them: the same bits as rtnetlink's; -1: it is not there. */
static int flags_of(const char *address)
{
	struct ep ep = at(address, 0);
	char line[128], digits[33] = "", want[33];
	unsigned flags;
	int found = -1;
	FILE *f = fopen("/proc/self/net/if_inet6", "re");

	for (int i = 0; i < 16; i++)
		sprintf(want + 2 * i, "%02x", ep.in6.sin6_addr.s6_addr[i]);
	while (f && fgets(line, sizeof(line), f))
		if (sscanf(line, "%32s %*x %*x %*x %x", digits, &flags) == 2 &&
		    !strcmp(digits, want) && (found < 0 || flags & IFA_F_TENTATIVE))
			found = (int)flags;
	if (f)
		fclose(f);
	return found;
}

void await_address(const char *address)
{
	for (int ms = 0; ms < PATIENCE_MS; ms++) {
		int flags = flags_of(address);

		if (flags >= 0 && !(flags & IFA_F_TENTATIVE))
			return;
		nap_ms(1);
	}
	fail("the address %s stays tentative", address);
}

void await_duplicate(const char *address)
{
	for (int ms = 0; ms < PATIENCE_MS; ms++) {
		int flags = flags_of(address);

		if (flags >= 0 && flags & IFA_F_DADFAILED)
			return;
		nap_ms(1);
	}
	fail("nobody finds out that %s is there twice", address);
}
