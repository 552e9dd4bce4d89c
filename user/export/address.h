/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Where to listen, from the command line. */
#ifndef BT_EXPORT_ADDRESS_H
#define BT_EXPORT_ADDRESS_H

#include <stdbool.h>

/* Whether the text is a place that address_listen() takes: the port is a number from 1 to 65535. */
bool address_is_valid(const char *text);

/*
 * Listens on "[ADDRESS:]PORT", an IPv6 address in brackets, 127.0.0.1 where there is none. A descriptor, or -1 with
 * the reason printed: for a port that is taken and with root's power, by bindtrace check itself.
 */
int address_listen(const char *text);

#endif /* BT_EXPORT_ADDRESS_H */
