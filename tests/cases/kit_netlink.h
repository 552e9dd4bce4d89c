/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Requests over netlink, attribute by attribute. */
#ifndef CASES_KIT_NETLINK_H
#define CASES_KIT_NETLINK_H

#include <linux/rtnetlink.h>

#include "kit.h"

struct request {
	struct nlmsghdr head;
	char body[320];
};

/* head is what the messages of this type begin with. */
void request_start(struct request *r, unsigned type, unsigned flags, const void *head, size_t size);
struct rtattr *request_put(struct request *r, unsigned type, const void *data, size_t size);
/* What is put between these two is inside. */
struct rtattr *request_nest(struct request *r, unsigned type);
void request_end_nest(const struct request *r, struct rtattr *nest);
/*
 * 0 or a negative errno, as the kernel answers; instead of 0, the length of a message that comes before
 * its answer, which is left in r.
 */
int request_ask(struct request *r, int protocol);

#endif /* CASES_KIT_NETLINK_H */
