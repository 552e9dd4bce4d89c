/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Who has which port now, in the words of the reports. */
#ifndef BT_PORT_H
#define BT_PORT_H

#include "model/event.h"

/* One socket with a port, and who has it open. */
struct port_socket {
	struct bt_sock sock;
	enum bt_role role; /* N_ROLES: a connection of which nobody can say who began it */
	unsigned first_process, n_processes; /* in processes[] of its group */
	unsigned more_addresses; /* that an SCTP socket is bound to, beside that of sock */
};

/* The sockets of one port, protocol and network namespace: listeners first, then as their states follow. */
struct port_group {
	/* IPPROTO_TCP with MPTCP among them, IPPROTO_UDP with UDP-Lite, or SCTP */
	uint16_t protocol;
	uint16_t port;
	uint32_t netns;
	bool elsewhere;	      /* netns is not ours */
	bool partial;	      /* only the processes of our pid namespace are seen */
	char netns_name[64];  /* as ip netns calls it; may be empty */
	uint64_t boottime_ns; /* when it was looked at */
	const struct port_socket *sockets;
	unsigned n_sockets;
	const struct process *processes;
};

#endif /* BT_PORT_H */
