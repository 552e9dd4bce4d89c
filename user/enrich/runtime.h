/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Names of containers and pods, from the files in which their runtimes keep them. */
#ifndef BT_ENRICH_RUNTIME_H
#define BT_ENRICH_RUNTIME_H

#include "model/event.h"

/* The runtime whose files know c->id; RUNTIME_UNKNOWN when none does. */
enum bt_runtime runtime_of(const struct container *c);

/* What those files say of it. What they do not say is empty, but for the id. */
void runtime_names(const struct container *c, struct container_names *names);

/*
 * The running container of Docker behind a port proxy: the only one with this address, or without
 * one (NULL) the only one that publishes this port of the host; uid is 0, or the user of a rootless
 * Docker. 0 with *c filled; -ENOENT when there is none, or more than one.
 */
int runtime_find_docker(uint32_t uid, const char *addr, unsigned host_port, const char *protocol,
			struct container *c);

#endif /* BT_ENRICH_RUNTIME_H */
