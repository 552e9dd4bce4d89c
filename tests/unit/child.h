/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Live processes for the unit tests of what /proc tells. Each ends with the test, or by child_stop(). */
#ifndef BT_CHILD_H
#define BT_CHILD_H

#include <sys/types.h>

#include "model/event.h"

/* When a process started, from field 22 of its stat file, in the middle of that clock tick. */
uint64_t child_start(pid_t pid);

/* A process of which no more is known than which one it is. */
struct process child_process(pid_t pid, uint64_t start_ns);

/* Does nothing, under this name. */
pid_t child_sleeper(const char *name);

/* Its first thread has exited, another lives. */
pid_t child_headless(void);

/* Is pid 1 of a pid namespace of its own; 0 where that may not be made. */
pid_t child_in_pid_namespace(void);

/* Runs a command (argv ends with NULL) in a directory; returns when it has begun. */
pid_t child_run(const char *dir, const char *const argv[]);

/* Kills and reaps it. */
void child_stop(pid_t pid);

#endif /* BT_CHILD_H */
