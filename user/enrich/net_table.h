/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The files of /proc/net, which are of one network namespace each. */
#ifndef BT_ENRICH_NET_TABLE_H
#define BT_ENRICH_NET_TABLE_H

#include "bpf/abi.h"

/*
 * One of them ("unix") as the asker's namespace has it, NUL-terminated; the caller frees it. NULL when it
 * cannot be read: there is none, or the asker has exited and the namespace is not ours.
 */
char *net_table_read(const struct bt_record *r, const char *name);

#endif /* BT_ENRICH_NET_TABLE_H */
