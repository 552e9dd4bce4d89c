/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The machine a stream comes from, so that a recording explains itself elsewhere and later. */
#ifndef BT_HOST_H
#define BT_HOST_H

#include <stdbool.h>

enum host_sysctl {
	HOST_LOCAL_PORT_RANGE,
	HOST_LOCAL_RESERVED_PORTS,
	HOST_UNPRIVILEGED_PORT_START,
	HOST_NONLOCAL_BIND,
	HOST_TCP_FIN_TIMEOUT,
	HOST_TCP_TW_REUSE,
	HOST_TCP_MAX_TW_BUCKETS,
	HOST_BINDV6ONLY,
	N_HOST_SYSCTLS,
};

/* A fact that could not be read is an empty string, a sysctl has known == false. */
struct host_facts {
	char host[65];
	char kernel[65]; /* uname -r */
	char machine[65];
	char boot_id[40];
	struct {
		bool known;
		char value[512];   /* as /proc/sys shows it, without the newline */
	} sysctls[N_HOST_SYSCTLS]; /* of the network namespace of the tracer */
};

/* Reads them all, from uname() and /proc/sys. */
void host_facts_read(struct host_facts *h);

/* "ip_local_port_range" */
const char *host_sysctl_name(enum host_sysctl which);

#endif /* BT_HOST_H */
