/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What somebody wants to bind, as people write it. */
#ifndef BT_TARGET_H
#define BT_TARGET_H

#include <netinet/in.h>
#include <sys/un.h>

#include "bpf/abi.h"

struct target {
	union {
		struct sockaddr any;
		struct sockaddr_in in;
		struct sockaddr_in6 in6;
		struct sockaddr_un un;
	};
	socklen_t len;
};

/*
 * "8000", "*:8000", "127.0.0.1:8000", "[::1]:8000", "[fe80::1%eth0]:8000", "unix:/run/x.sock",
 * "unix:@name". 0, or -EINVAL with *why saying in one clause what is wrong with it.
 */
int target_parse(const char *word, struct target *out, const char **why);

/* The same as a socket of the event; empty for unix. */
void target_sock(const struct target *target, uint16_t protocol, struct bt_sock *out);

#endif /* BT_TARGET_H */
