/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The kernel as a client of NFS: its connections are made by kernel threads, from a source port it binds. */
#ifndef CASES_KIT_NFS_H
#define CASES_KIT_NFS_H

#include "kit.h"

/* From now on it has to be this port, until the end of the case. Skips where the kernel has no NFS. */
void nfs_source_port(unsigned port);

/* A process that mounts from the server, which need not answer: it waits in mount(2) until it is killed. */
void nfs_mount(struct child *c, struct ep server);

#endif /* CASES_KIT_NFS_H */
