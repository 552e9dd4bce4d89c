/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Port proxies of container engines: docker-proxy, rootlesskit, slirp4netns and pasta hold a port of
 * this machine for a container, which is what people know.
 */
#ifndef BT_ENRICH_FORWARD_H
#define BT_ENRICH_FORWARD_H

#include "model/event.h"

/*
 * If p, which has the socket open, is such a proxy: sets p->forwards, where it sends what it gets as
 * far as its command line tells, and p->container where exactly one container can be the one.
 */
void forward_find(struct process *p, const struct bt_sock *socket);

#endif /* BT_ENRICH_FORWARD_H */
