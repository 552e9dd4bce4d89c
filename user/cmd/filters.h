/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The options that narrow what is seen (a report's: what is told); for a trace the kernel side does it. Each adds to
 * what is there and returns 0, or an errno whose message has been printed.
 */
#ifndef BT_FILTERS_H
#define BT_FILTERS_H

#include "cmd/options.h"

int filter_pids(struct options *o, const char *arg);
int filter_ports(struct options *o, const char *arg);
int filter_comm(struct options *o, const char *arg);
int filter_users(struct options *o, const char *arg);
int filter_errors(struct options *o, const char *arg);
int filter_cgroup(struct options *o, const char *arg);
int filter_netns(struct options *o, const char *arg);

#endif /* BT_FILTERS_H */
