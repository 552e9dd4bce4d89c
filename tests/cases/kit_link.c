/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Network devices, made over rtnetlink as `ip link` does. */
#include <linux/if_link.h>
#include <net/if.h>

#include "kit_link.h"
#include "kit_netlink.h"

/* The device is up from the start, so what opening it needs is refused to this very call. */
static void start_link(struct request *r, const char *name)
{
	struct ifinfomsg info = { .ifi_flags = IFF_UP, .ifi_change = IFF_UP };

	request_start(r, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, &info, sizeof(info));
	request_put(r, IFLA_IFNAME, name, strlen(name) + 1);
}

static int make(struct request *r, const char *without)
{
	int err = request_ask(r, NETLINK_ROUTE);

	if (err == -EOPNOTSUPP)
		skip(without);
	errno = -err;
	return err;
}

int add_vxlan(const char *name, unsigned port)
{
	uint32_t id = 42;
	uint16_t port_be = htons((uint16_t)port);
	struct rtattr *info, *data;
	struct request r;

	start_link(&r, name);
	info = request_nest(&r, IFLA_LINKINFO);
	request_put(&r, IFLA_INFO_KIND, "vxlan", 6);
	data = request_nest(&r, IFLA_INFO_DATA);
	request_put(&r, IFLA_VXLAN_ID, &id, sizeof(id));
	request_put(&r, IFLA_VXLAN_PORT, &port_be, sizeof(port_be));
	request_end_nest(&r, data);
	request_end_nest(&r, info);
	return make(&r, "this kernel has no vxlan");
}

void add_vrf(const char *name, unsigned table)
{
	struct rtattr *info, *data;
	struct request r;

	start_link(&r, name);
	info = request_nest(&r, IFLA_LINKINFO);
	request_put(&r, IFLA_INFO_KIND, "vrf", 4);
	data = request_nest(&r, IFLA_INFO_DATA);
	request_put(&r, IFLA_VRF_TABLE, &table, sizeof(table));
	request_end_nest(&r, data);
	request_end_nest(&r, info);
	must(!make(&r, "this kernel has no VRFs"), "making a VRF failed");
}

void add_dummy(const char *name, const char *master)
{
	unsigned index = if_nametoindex(master);
	struct rtattr *info;
	struct request r;

	must(index != 0, "a master that does not exist in the case");
	start_link(&r, name);
	request_put(&r, IFLA_MASTER, &index, sizeof(index));
	info = request_nest(&r, IFLA_LINKINFO);
	request_put(&r, IFLA_INFO_KIND, "dummy", 6);
	request_end_nest(&r, info);
	must(!make(&r, "this kernel has no dummy devices"), "making a dummy device failed");
}

int socket_on(const char *device, struct ep ep)
{
	int fd = new_socket(ep, 0);

	must(!setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, device, (socklen_t)strlen(device) + 1),
	     "SO_BINDTODEVICE failed");
	return fd;
}

void delete_link(const char *name)
{
	struct ifinfomsg info = { 0 };
	struct request r;

	request_start(&r, RTM_DELLINK, 0, &info, sizeof(info));
	request_put(&r, IFLA_IFNAME, name, strlen(name) + 1);
	must(!request_ask(&r, NETLINK_ROUTE), "deleting a device failed");
}
