/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Endpoints of MPTCP, over generic netlink. */
#include <linux/genetlink.h>
#include <linux/mptcp.h>

#include "kit_mptcp.h"
#include "kit_netlink.h"

/* The number of the family "mptcp_pm", which differs from boot to boot. */
static unsigned family(void)
{
	struct genlmsghdr head = { .cmd = CTRL_CMD_GETFAMILY };
	struct request r;
	struct rtattr *a;
	int n;

	request_start(&r, GENL_ID_CTRL, 0, &head, sizeof(head));
	request_put(&r, CTRL_ATTR_FAMILY_NAME, MPTCP_PM_NAME, sizeof(MPTCP_PM_NAME));
	n = request_ask(&r, NETLINK_GENERIC) - (int)NLMSG_LENGTH(sizeof(head));
	if (n <= 0)
		skip("this kernel has no MPTCP");
	for (a = (void *)(r.body + sizeof(head)); RTA_OK(a, n); a = RTA_NEXT(a, n))
		if (a->rta_type == CTRL_ATTR_FAMILY_ID)
			return *(uint16_t *)RTA_DATA(a);
	fail("mptcp_pm has no number");
}

int add_endpoint(struct ep ep)
{
	struct genlmsghdr head = { .cmd = MPTCP_PM_CMD_ADD_ADDR, .version = MPTCP_PM_VER };
	uint16_t inet = AF_INET, port = (uint16_t)port_of(ep);
	uint32_t flags = MPTCP_PM_ADDR_FLAG_SIGNAL;
	struct rtattr *nest;
	struct request r;

	request_start(&r, family(), 0, &head, sizeof(head));
	nest = request_nest(&r, MPTCP_PM_ATTR_ADDR);
	request_put(&r, MPTCP_PM_ADDR_ATTR_FAMILY, &inet, sizeof(inet));
	request_put(&r, MPTCP_PM_ADDR_ATTR_ADDR4, &ep.in.sin_addr, sizeof(ep.in.sin_addr));
	request_put(&r, MPTCP_PM_ADDR_ATTR_PORT, &port, sizeof(port));
	request_put(&r, MPTCP_PM_ADDR_ATTR_FLAGS, &flags, sizeof(flags));
	request_end_nest(&r, nest);
	return request_ask(&r, NETLINK_GENERIC);
}

void flush_endpoints(void)
{
	struct genlmsghdr head = { .cmd = MPTCP_PM_CMD_FLUSH_ADDRS, .version = MPTCP_PM_VER };
	struct request r;

	request_start(&r, family(), 0, &head, sizeof(head));
	must(!request_ask(&r, NETLINK_GENERIC), "flushing the endpoints of MPTCP failed");
}
