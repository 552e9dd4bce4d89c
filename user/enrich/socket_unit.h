/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* systemd's .socket units: on whose behalf pid 1 holds a port. */
#ifndef BT_ENRICH_SOCKET_UNIT_H
#define BT_ENRICH_SOCKET_UNIT_H

#include <stddef.h>

#include "bpf/abi.h"

/*
 * The unit whose ListenStream= or ListenDatagram= is this socket's address, by the unit files and their
 * drop-ins. 0, or -ENOENT with out empty when none or more than one has it.
 */
int socket_unit_find(const struct bt_sock *s, char *out, size_t size);

#endif /* BT_ENRICH_SOCKET_UNIT_H */
