/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Addresses and ports as people and programs write them. */
#ifndef BT_ENDPOINT_H
#define BT_ENDPOINT_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"
#include "bpf/abi.h"
#include "model/event.h"

/* "127.0.0.1", "::1"; false, and an empty string, when the family is neither AF_INET nor AF_INET6. */
bool endpoint_address(const uint8_t addr[16], unsigned family, char out[INET6_ADDRSTRLEN]);

/* "127.0.0.1:8000", "[::1]:8000"; "[fe80::1%2]:8000" for a socket that is tied to a device. */
void endpoint_add(struct text *t, const uint8_t addr[16], unsigned family, unsigned port,
		  unsigned ifindex);
/* The same of a socket, "127.0.0.1 id 77" of a ping socket, and of a raw one the address alone. */
void endpoint_add_local(struct text *t, const struct bt_sock *s);
void endpoint_add_peer(struct text *t, const struct bt_sock *s);

/* What equal refusals have asked for. */
struct bt_sock endpoint_folded(const struct folded *of);

/* "tcp", "unix"; NULL when the descriptor was no socket, so that nobody knows. */
const char *endpoint_protocol(const struct bt_sock *s);

/*
 * The name of a UNIX socket, at most BT_PATH_LEN bytes as the task chose them: a path, or '@' and an
 * abstract name, which may hold anything. How many bytes.
 */
size_t endpoint_unix_name(const char *path, unsigned path_len, char out[BT_PATH_LEN]);

/* The same for people, with every byte made fit to be read. */
void endpoint_add_unix(struct text *t, const char *path, unsigned path_len);

/*
 * Did the task name an address at all? Not when bind() was given too few bytes, or a family whose
 * addresses look different: then the address and port of the record mean nothing.
 */
bool endpoint_asked(const struct bt_record *r);

#endif /* BT_ENDPOINT_H */
