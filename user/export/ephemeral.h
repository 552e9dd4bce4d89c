/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * How much of ip_local_port_range is left in this network namespace: when it is used up, connect() and bind() of port 0
 * are refused.
 */
#ifndef BT_EXPORT_EPHEMERAL_H
#define BT_EXPORT_EPHEMERAL_H

#include <stdbool.h>

struct metrics;
struct ephemeral;

struct ephemeral_ports {
	unsigned size;	   /* of the range */
	unsigned reserved; /* of these, by ip_local_reserved_ports */
	unsigned taken;	   /* of these, by TCP sockets that listen, are connected or in TIME_WAIT */
};

/* Opens what it reads, with the privileges there are. NULL: it cannot be read, or there is no memory. */
struct ephemeral *ephemeral_open(void);
void ephemeral_close(struct ephemeral *e);

/* Has a thread tell the metrics, now and then every ten seconds, until it is closed. 0 or -errno. */
int ephemeral_start(struct ephemeral *e, struct metrics *m);

#endif /* BT_EXPORT_EPHEMERAL_H */
