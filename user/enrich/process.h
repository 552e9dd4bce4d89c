/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What /proc knows about a process. A pid alone proves nothing, it may have been
 * given to another process since: everything here is taken only from the process with the same
 * start time.
 */
#ifndef BT_ENRICH_PROCESS_H
#define BT_ENRICH_PROCESS_H

#include "model/event.h"

/*
 * Fills p from /proc where p->pid and p->start_ns are known: alive, and of the same process exe, cgroup, unit,
 * container, whether it is stopped, and cmdline and ppid where they are not yet known; user from p->uid. Of a
 * process that has exited, alive is 0 and the rest stays as it was; where nothing can be told, alive is -1.
 */
void process_enrich(struct process *p);

/* Its two halves: user by p->uid, and all the rest, which /proc knows. */
void process_name_user(struct process *p);
void process_read(struct process *p);

/* Learns the names of all users who have processes, for when no service can be asked any more. */
void process_prepare(void);

/*
 * The /proc directory of the process with this pid that started at start_ns, which stays with it: once it
 * has exited, opening a file in there fails, whoever has the pid. -errno: -ESRCH when it does not live.
 */
int process_open(uint32_t pid, uint64_t start_ns);

#endif /* BT_ENRICH_PROCESS_H */
