/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Requests over netlink, attribute by attribute. */
#include "kit_netlink.h"

static void append(struct request *r, const void *data, size_t size)
{
	size_t at = NLMSG_ALIGN(r->head.nlmsg_len);

	must(at + RTA_ALIGN(size) <= sizeof(*r), "a netlink request is too long");
	if (size)
		memcpy((char *)r + at, data, size);
	r->head.nlmsg_len = (uint32_t)(at + size);
}

void request_start(struct request *r, unsigned type, unsigned flags, const void *head, size_t size)
{
	memset(r, 0, sizeof(*r));
	r->head.nlmsg_len = sizeof(r->head);
	r->head.nlmsg_type = (uint16_t)type;
	r->head.nlmsg_flags = (uint16_t)(NLM_F_REQUEST | NLM_F_ACK | flags);
	append(r, head, size);
}

struct rtattr *request_put(struct request *r, unsigned type, const void *data, size_t size)
{
	struct rtattr head = { .rta_len = (uint16_t)RTA_LENGTH(size), .rta_type = (uint16_t)type };
	struct rtattr *at = (void *)((char *)r + NLMSG_ALIGN(r->head.nlmsg_len));

	append(r, &head, sizeof(head));
	append(r, data, size);
	return at;
}

struct rtattr *request_nest(struct request *r, unsigned type)
{
	return request_put(r, type | NLA_F_NESTED, NULL, 0);
}

void request_end_nest(const struct request *r, struct rtattr *nest)
{
	nest->rta_len = (uint16_t)((const char *)r + r->head.nlmsg_len - (const char *)nest);
}

int request_ask(struct request *r, int protocol)
{
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol), error;
	ssize_t n;

	must(fd >= 0, "no netlink socket");
	must(send(fd, r, r->head.nlmsg_len, 0) == (ssize_t)r->head.nlmsg_len, "netlink failed");
	n = recv(fd, r, sizeof(*r), 0);
	must(n >= (ssize_t)sizeof(r->head), "no answer over netlink");
	shut(fd);
	if (r->head.nlmsg_type != NLMSG_ERROR)
		return (int)n;
	memcpy(&error, r->body, sizeof(error)); /* struct nlmsgerr begins with it */
	return error;
}
