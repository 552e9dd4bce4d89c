/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The process of an exporter, which a tracer starts (user/exporter.c). */
#ifndef BT_EXPORTER_CHILD_H
#define BT_EXPORTER_CHILD_H

#include <stdint.h>
#include <sys/types.h>

#include "cmd/options.h"

struct exporter_child {
	pid_t pid; /* 0: there is none */
	int fd;	   /* a socket: lines go there, and it says there that it is ready */
};

/*
 * Starts what the options ask for, and waits until it is ready. EXIT_*; the reason has been printed. fd is open
 * then, too.
 */
int exporter_child_start(struct exporter_child *c, const struct options *o);

/*
 * It gets no more: its end closes its side of the pair. Who has not ended by then, boottime, is killed. NULL, or what
 * went wrong.
 */
const char *exporter_child_end(struct exporter_child *c, uint64_t until_ns);

#endif /* BT_EXPORTER_CHILD_H */
