/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Network devices, made over rtnetlink as `ip link` does. */
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <net/if.h>

#include "kit.h"
#include "kit_link.h"

/* A request under construction; attributes are put one behind the other, nests around them. */
struct request {
	struct nlmsghdr head;
	struct ifinfomsg info;
	char attributes[256];
};

static void start(struct request *r, unsigned type, unsigned flags)
{
	memset(r, 0, sizeof(*r));
	r->head.nlmsg_len = NLMSG_LENGTH(sizeof(r->info));
	r->head.nlmsg_type = (uint16_t)type;
	r->head.nlmsg_flags = (uint16_t)(NLM_F_REQUEST | NLM_F_ACK | flags);
}

static struct rtattr *put(struct request *r, unsigned type, const void *data, size_t size)
{
	struct rtattr *a = (void *)((char *)r + NLMSG_ALIGN(r->head.nlmsg_len));

	a->rta_type = (uint16_t)type;
	a->rta_len = (uint16_t)RTA_LENGTH(size);
	if (size)
		memcpy(RTA_DATA(a), data, size);
	r->head.nlmsg_len = NLMSG_ALIGN(r->head.nlmsg_len) + RTA_ALIGN(a->rta_len);
	must(r->head.nlmsg_len <= sizeof(*r), "a netlink request is too long");
	return a;
}

static void end_nest(const struct request *r, struct rtattr *nest)
{
	nest->rta_len = (uint16_t)((const char *)r + r->head.nlmsg_len - (char *)nest);
}

/* 0 or a negative errno, as the kernel answers. */
static int ask(const struct request *r)
{
	struct {
		struct nlmsghdr head;
		struct nlmsgerr error;
		char rest[512];
	} answer;
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);

	must(fd >= 0, "no netlink socket");
	must(send(fd, r, r->head.nlmsg_len, 0) == (ssize_t)r->head.nlmsg_len, "netlink failed");
	must(recv(fd, &answer, sizeof(answer), 0) >= (ssize_t)NLMSG_LENGTH(sizeof(answer.error)) &&
		     answer.head.nlmsg_type == NLMSG_ERROR,
	     "no answer over netlink");
	shut(fd);
	return answer.error.error;
}

/* The device is up from the start, so what opening it needs is refused to this very call. */
static void start_link(struct request *r, const char *name)
{
	start(r, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL);
	r->info.ifi_flags = r->info.ifi_change = IFF_UP;
	put(r, IFLA_IFNAME, name, strlen(name) + 1);
}

int add_vxlan(const char *name, unsigned port)
{
	uint32_t id = 42;
	uint16_t port_be = htons((uint16_t)port);
	struct rtattr *info, *data;
	struct request r;
	int err;

	start_link(&r, name);
	info = put(&r, IFLA_LINKINFO, NULL, 0);
	put(&r, IFLA_INFO_KIND, "vxlan", 6);
	data = put(&r, IFLA_INFO_DATA, NULL, 0);
	put(&r, IFLA_VXLAN_ID, &id, sizeof(id));
	put(&r, IFLA_VXLAN_PORT, &port_be, sizeof(port_be));
	end_nest(&r, data);
	end_nest(&r, info);
	err = ask(&r);
	if (err == -EOPNOTSUPP)
		skip("this kernel has no vxlan");
	return err;
}

void add_vrf(const char *name, unsigned table)
{
	struct rtattr *info, *data;
	struct request r;
	int err;

	start_link(&r, name);
	info = put(&r, IFLA_LINKINFO, NULL, 0);
	put(&r, IFLA_INFO_KIND, "vrf", 4);
	data = put(&r, IFLA_INFO_DATA, NULL, 0);
	put(&r, IFLA_VRF_TABLE, &table, sizeof(table));
	end_nest(&r, data);
	end_nest(&r, info);
	err = ask(&r);
	if (err == -EOPNOTSUPP)
		skip("this kernel has no VRFs");
	errno = -err;
	must(!err, "making a VRF failed");
}

void delete_link(const char *name)
{
	struct request r;

	start(&r, RTM_DELLINK, 0);
	put(&r, IFLA_IFNAME, name, strlen(name) + 1);
	must(!ask(&r), "deleting a device failed");
}
