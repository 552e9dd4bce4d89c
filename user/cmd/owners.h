/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* From the rows of the iterators to ports with their sockets and processes. Pure. */
#ifndef BT_OWNERS_H
#define BT_OWNERS_H

#include <stddef.h>

#include "model/port.h"

struct owners {
	struct bt_open *rows;
	size_t n_rows, room;
	struct port_socket *sockets;
	struct process *processes;
	struct port_group *groups;
	size_t n_sockets, n_processes, n_groups;
	bool out_of_memory;
};

/* Takes a row as it comes. */
void owners_add(struct owners *o, const struct bt_open *row);

/* Sorts what was taken; our_netns comes before the others. 0 or -ENOMEM. */
int owners_group(struct owners *o, uint32_t our_netns);

/*
 * Is it a port that only connections have that somebody here has begun? Then it is one of many, from the
 * range out of which the kernel takes source ports.
 */
bool owners_only_outgoing(const struct port_group *g, uint16_t first, uint16_t last);

/* Lets go of the rows, and of the groups made of them. */
void owners_free(struct owners *o);

#endif /* BT_OWNERS_H */
