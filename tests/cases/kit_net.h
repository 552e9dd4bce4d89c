/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Interfaces and addresses, in a network namespace of the case's own. */
#ifndef CASES_KIT_NET_H
#define CASES_KIT_NET_H

#include "kit.h"

/* Two interfaces, each the other's only neighbour, both down. Skips the case where there are none to be had. */
void veth_pair(const char *one, const char *other);

void set_link(const char *device, bool up);

/* Adds the address; one of IPv6 is tentative until the kernel has asked around. */
void add_address(const char *device, const char *address);

/* Waits until it can be bound. */
void await_address(const char *address);

/* Waits until duplicate address detection has failed. */
void await_duplicate(const char *address);

#endif /* CASES_KIT_NET_H */
