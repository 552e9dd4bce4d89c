/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Network namespaces by their inode numbers. */
#ifndef BT_ENRICH_NETNS_H
#define BT_ENRICH_NETNS_H

#include <stddef.h>
#include <stdint.h>

#include "bpf/abi.h"

/* What `ip netns` calls it: the name in /run/netns; empty when it has none. */
void netns_name(uint64_t netns, char *out, size_t size);

/* The namespace that is mounted at a path; 0 when it is something else. */
uint64_t netns_of_path(const char *path);

/* The tracer's own; 0 when it cannot be told. */
uint64_t netns_own(void);

/*
 * Calls fn() in the namespace of a refusal, which may be our own. 0, or -errno, and fn() was not called:
 * -ENOENT when it is gone, -EPERM without CAP_SYS_ADMIN.
 */
int netns_visit(const struct bt_record *r, void (*fn)(void *context), void *context);

#endif /* BT_ENRICH_NETNS_H */
