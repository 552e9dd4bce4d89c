/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Servers that several cases need in the same way, and what is told of them when they have gone. */
#ifndef CASES_KIT_SERVERS_H
#define CASES_KIT_SERVERS_H

#include "kit.h"

/* Another process has the socket, from now until end_child(); hold is listen_on or bound_on. */
void start_holder(struct child *c, int (*hold)(struct ep ep, unsigned options), struct ep ep,
		  unsigned options);

/* A server that has gone, and a worker it forked, whose pid this is: it has the socket until end_worker(). */
pid_t orphan_worker(struct child *server, int (*hold)(struct ep ep, unsigned options), struct ep ep,
		    unsigned options);
void end_worker(struct child *server, pid_t worker);

/*
 * A group of SO_REUSEPORT has room for 32,768 sockets (reuseport_grow); two processes have half of them each, on a port
 * of a new network namespace. The second has the first one's pipe, too: it is to be ended first.
 */
struct ep fill_group(struct child half[2], unsigned options);

/* All of the server's end is closed, by closer; the client closes, and what is left refuses the port. */
void refuse_in_time_wait(struct ep ep, int client, pid_t closer, bool alive);
/* The server's end is closed, and a whole socket without a process, in this state, refuses the port. */
void refuse_by_orphan(struct ep ep, struct conn c, const char *state);
/* With data that the client has not read. */
void reset_orphan(struct ep ep, struct conn c);

#endif /* CASES_KIT_SERVERS_H */
