/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Which interface has an address, and whether it can be bound. */
#ifndef BT_ENRICH_ADDRESS_H
#define BT_ENRICH_ADDRESS_H

#include "model/event.h"

/* Looks for the address of an EADDRNOTAVAIL, in the namespace of the asker: fills e->address. */
void address_enrich(struct event *e);

/* The flags of an address (IFA_F_*) on the interface, in the text of /proc/net/if_inet6; -1: it is not there. */
int address_flags_in(const char *table, const uint8_t address[16], unsigned ifindex);

#endif /* BT_ENRICH_ADDRESS_H */
