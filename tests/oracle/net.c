/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A network namespace in which nothing is but what the oracle makes. */

#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <sys/ioctl.h>

#include "oracle.h"

enum { NO_SUCH_DEVICE = 77, PATIENCE_MS = 10000 };

/* of <linux/ipv6.h>, which quarrels with <netinet/in.h> */
struct in6_request {
	struct in6_addr addr;
	uint32_t prefix_len;
	int ifindex;
};

struct link_request {
	struct nlmsghdr head;
	struct ifinfomsg info;
	char attributes[128];
};

static unsigned second;

static void add_attribute(struct nlmsghdr *head, unsigned short type, const void *data, size_t n)
{
	struct rtattr *a = (struct rtattr *)((char *)head + NLMSG_ALIGN(head->nlmsg_len));

	a->rta_type = type;
	a->rta_len = (unsigned short)RTA_LENGTH(n);
	memcpy(RTA_DATA(a), data, n);
	head->nlmsg_len = NLMSG_ALIGN(head->nlmsg_len) + RTA_ALIGN(a->rta_len);
}

/* Asks rtnetlink for a device "bt0" of that kind; its ifindex, or 0. */
static unsigned make_device(const char *kind)
{
	struct link_request r = {
		.head = { .nlmsg_len = NLMSG_LENGTH(sizeof(r.info)),
			  .nlmsg_type = RTM_NEWLINK,
			  .nlmsg_flags = NLM_F_REQUEST | NLM_F_CREATE | NLM_F_EXCL | NLM_F_ACK },
	};
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	char nested[32], answer[1024];
	struct rtattr *inner = (struct rtattr *)nested;

	inner->rta_type = IFLA_INFO_KIND;
	inner->rta_len = (unsigned short)RTA_LENGTH(strlen(kind));
	memcpy(RTA_DATA(inner), kind, strlen(kind));
	add_attribute(&r.head, IFLA_IFNAME, "bt0", 4);
	add_attribute(&r.head, IFLA_LINKINFO, nested, inner->rta_len);
	must(fd >= 0 && send(fd, &r, r.head.nlmsg_len, 0) > 0, "rtnetlink cannot be asked");
	must(recv(fd, answer, sizeof(answer), 0) > 0, "rtnetlink does not answer");
	close(fd);
	return if_nametoindex("bt0");
}

/* To lo, where nobody is asked whether he has it; but a work of the kernel, addrconf_dad_work(), says so. */
static void add_address(const char *address)
{
	struct ep ep = at(address, 0);
	struct in6_request request = { ep.in6.sin6_addr, 128, 1 };
	int fd = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	must(fd >= 0 && !ioctl(fd, SIOCSIFADDR, &request), "adding an IPv6 address to lo failed");
	for (int ms = 0; bind(fd, &ep.sa, ep.len); ms++) {
		must(ms < PATIENCE_MS, "a new IPv6 address of lo stays tentative");
		tally.refusals++;
		nap_ms(1);
	}
	close(fd);
}

void fresh_net(void)
{
	private_net();
	add_address("fd00::2");
	add_address(FREE_ADDRESS6);
	second = make_device("dummy");
	if (!second)
		second = make_device("veth");
}

int second_device(void)
{
	return second ? (int)second : NO_SUCH_DEVICE;
}

bool second_device_exists(void)
{
	return second;
}
