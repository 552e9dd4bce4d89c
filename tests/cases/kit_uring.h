/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Binding and listening through io_uring. As in kit.h, what fails ends the case. */
#ifndef CASES_KIT_URING_H
#define CASES_KIT_URING_H

#include "kit.h"

/* How a request is made: of a registered file (fd is its place, 0), by a worker thread. */
enum { URING_FIXED = 1, URING_ASYNC = 2 };

struct uring;

/* They end the case as skipped where io_uring cannot bind; the last one only needs a ring. */
struct uring *uring(void);
struct uring *uring_polled(void); /* a thread of the kernel's takes the requests (SQPOLL) */
struct uring *uring_of_files(void);
void uring_register(struct uring *u, int fd); /* at place 0 */
pid_t uring_thread(const char *prefix);	      /* of this process, whose name begins so */
void uring_close(struct uring *u);	      /* and with it what was registered */

void uring_bind_refused(struct uring *u, int fd, unsigned how, struct ep ep, int error);
void uring_bind_ok(struct uring *u, int fd, unsigned how, struct ep ep);
void uring_listen_refused(struct uring *u, int fd, struct ep ep, int error);
void uring_listen_ok(struct uring *u, int fd);

#endif /* CASES_KIT_URING_H */
