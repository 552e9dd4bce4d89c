/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Network devices, made over rtnetlink as `ip link` does. For a namespace of the case's own. */
#ifndef CASES_KIT_LINK_H
#define CASES_KIT_LINK_H

#include "kit.h"

/*
 * ip link add NAME up type vxlan id 42 dstport PORT. 0 or a negative errno: to bring it up, the kernel
 * binds a UDP socket of its own to the port. Ends the case as skipped where there are no such devices.
 */
int add_vxlan(const char *name, unsigned port);
/* ip link add NAME up type vrf table TABLE; skips likewise. */
void add_vrf(const char *name, unsigned table);
/* ip link add NAME up master MASTER type dummy; skips likewise. */
void add_dummy(const char *name, const char *master);
/* A socket of TCP that is bound to the device. */
int socket_on(const char *device, struct ep ep);
void delete_link(const char *name);

#endif /* CASES_KIT_LINK_H */
