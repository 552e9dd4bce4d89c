/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Files of the kernel's file systems, which need not be mounted anywhere. */
#ifndef BT_MOUNT_H
#define BT_MOUNT_H

#include <stddef.h>

/* Reads such a file, at most size - 1 bytes, into a string. 0 or -errno. */
int mount_read(const char *filesystem, const char *path, char *to, size_t size);

/* A descriptor of the root of the cgroup2 hierarchy, or -errno. */
int mount_cgroup_root(void);

/* The id of a tracepoint for perf_event_open(), or -errno. */
int mount_tracepoint_id(const char *category, const char *name);

#endif /* BT_MOUNT_H */
