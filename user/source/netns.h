/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Network namespaces: by name, path or number, and how people call them. */
#ifndef BT_SOURCE_NETNS_H
#define BT_SOURCE_NETNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * A name of `ip netns`, a path such as /proc/PID/ns/net, or the number that lsns prints, of a namespace
 * that a process is in. A descriptor for setns(), or -1 with the reason printed.
 */
int netns_open(const char *word);

/* The same, silently. */
int netns_find(const char *word);

/* The same for that number alone. */
int netns_open_number(uint32_t number);

/* The inode number of the namespace behind a descriptor, or of our own for -1; 0: not known. */
uint32_t netns_number(int fd);

/*
 * The low half of the cookie of the namespace behind a descriptor, which no other one gets in this boot; 0: not known,
 * before Linux 5.14, or where we may not go there. We do, and come back: only for who has no other thread.
 */
uint32_t netns_cookie(int fd);

/*
 * Calls fn() once for each namespace that a process is in or that has a name, and for none whose
 * descriptor it may not have. The descriptor is closed afterwards.
 */
void netns_each(void (*fn)(void *context, int fd, uint32_t number), void *context);

#endif /* BT_SOURCE_NETNS_H */
