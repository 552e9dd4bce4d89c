/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Whose process ids are whose: the kernel side has those of the first pid namespace. */
#ifndef BT_BASE_PIDS_H
#define BT_BASE_PIDS_H

#include <stdbool.h>

/*
 * Are we in the first pid namespace? In any other one the numbers that we know processes by are not those of
 * the kernel side, and the iterators do not show it the processes outside (task_seq_get_next). Without a
 * /proc that knows us it cannot be told, and is taken to be so.
 */
bool sees_all_processes(void);

/* Does /proc have them by the kernel side's numbers? */
bool proc_is_of_all(void);

#endif /* BT_BASE_PIDS_H */
