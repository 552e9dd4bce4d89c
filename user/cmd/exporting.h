/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The exporter of a tracer: a child process without privileges (cmd/exporter_child.h), which gets the lines through a
 * bounded queue. Whatever becomes of it, tracing goes on, and what it did not get is counted.
 */
#ifndef BT_EXPORTING_H
#define BT_EXPORTING_H

#include "cmd/report.h"

struct exporting;

/*
 * Starts the exporter that the options ask for, waits until it is ready, and has the JSON lines made for it: r->out
 * is then where the sinks write them. Without such options nothing happens. EXIT_*; the reason has been printed.
 */
int exporting_open(struct report *r);

/* For epoll, edge-triggered: EPOLLIN | EPOLLOUT. */
int exporting_fd(const struct exporting *x);

/* Its process. */
pid_t exporting_pid(const struct exporting *x);

/*
 * A sink has written a line that tells of so many refusals, lost ones among them, to r->out. The exporter gets
 * it, and r->copy, where that is open; the recorder finds it there afterwards. 0 or -errno of the copy.
 */
int exporting_line(struct report *r, uint64_t refusals);

/* Something happened on its descriptor. */
void exporting_event(struct report *r);

/* Lets it deliver what it has, says what it did not get, and ends it; r->exporting may be NULL. status, or worse. */
int exporting_close(struct report *r, int status);

#endif /* BT_EXPORTING_H */
