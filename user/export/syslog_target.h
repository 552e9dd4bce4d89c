/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Where messages of syslog go: "unix:/dev/log", "udp:HOST:PORT", "tcp:HOST:PORT", an IPv6 address in brackets. */
#ifndef BT_EXPORT_SYSLOG_TARGET_H
#define BT_EXPORT_SYSLOG_TARGET_H

#include <stdbool.h>

struct syslog_target {
	int family;	/* AF_UNIX; AF_UNSPEC: whatever the host has */
	int type;	/* SOCK_DGRAM, SOCK_STREAM */
	char host[256]; /* or the path */
	char port[16];
};

/* Whether the text is such a place. Looks nothing up. */
bool syslog_target_parse(struct syslog_target *target, const char *text);

/*
 * A connected socket that does not wait, or -errno. Looks up the host, and tries one address after the other, until
 * stop_fd is readable: then -ECANCELED. Of a name that is not found it is -ENONET.
 */
int syslog_target_connect(const struct syslog_target *target, int stop_fd);

#endif /* BT_EXPORT_SYSLOG_TARGET_H */
