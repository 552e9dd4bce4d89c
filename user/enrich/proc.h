/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The files of one process under /proc, read through a descriptor of its directory: that stays with
 * the process, and fails once it has exited, whoever has the pid then.
 */
#ifndef BT_ENRICH_PROC_H
#define BT_ENRICH_PROC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "bpf/abi.h"

/* The fields of /proc/PID/stat that matter here. */
struct proc_stat {
	char comm[BT_COMM_LEN + 1];
	char state;
	uint32_t ppid;
	uint32_t group;	  /* process group: a job of a shell */
	uint32_t session; /* 0: of another pid namespace */
	uint32_t tty;	  /* device number; 0: no controlling terminal */
	long threads;
	uint64_t start_ticks; /* since boot, in clock ticks */
};

/* The directory of a process; -errno, -ENOENT when there is none that we are shown. */
int proc_open(uint32_t pid);

/* Whether others' processes are not shown (hidepid, or no /proc at all): the first one is there as long as we are. */
bool proc_is_hidden(void);

/*
 * Where the processes of events have other numbers in /proc, or none, nothing there is about them: proc_open()
 * says -EXDEV as long as it is to be ignored.
 */
void proc_ignore(bool ignore);
bool proc_is_ignored(void);

/* Up to size - 1 bytes of one of its files, NUL-terminated. The number of bytes, or -errno. */
ssize_t proc_read(int dir, const char *name, char *out, size_t size);

/* 0 or -errno: -ESRCH when it has exited. */
int proc_stat_read(int dir, struct proc_stat *s);

/* Is it the process that started at this boottime? The kernel shows it in clock ticks. */
bool proc_started_at(const struct proc_stat *s, uint64_t start_ns);

/* Before this boottime, and not within the same clock tick? */
bool proc_started_before(const struct proc_stat *s, uint64_t boottime_ns);

/*
 * A thread of the process that is alive: where the first thread has exited before the others, the
 * process has its memory, its program and its files only through those. A descriptor or -errno.
 */
int proc_live_thread(int dir);

/* The inode number of a namespace, such as "ns/net"; 0 when it cannot be told. */
uint64_t proc_namespace(int dir, const char *name);

#endif /* BT_ENRICH_PROC_H */
