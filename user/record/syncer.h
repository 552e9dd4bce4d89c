/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Brings what was written to the disk within a second, in a thread of its own: a disk that takes long keeps
 * nobody from reading what the kernel has to tell.
 */
#ifndef BT_RECORD_SYNCER_H
#define BT_RECORD_SYNCER_H

#include <pthread.h>
#include <stdbool.h>

struct syncer {
	pthread_t thread;
	pthread_mutex_t lock; /* guards what follows */
	pthread_cond_t change;
	int fd; /* the caller's; -1: nothing to sync */
	bool dirty, stop;
	int err; /* of the last fdatasync() that failed, until it is asked for */
};

/* Begins. 0 or -errno. */
int syncer_start(struct syncer *s);

/* From now on this descriptor is what is synced; -1: none. The caller has synced the one before. */
void syncer_set(struct syncer *s, int fd);

/* Something has been written. */
void syncer_dirty(struct syncer *s);

/* What went wrong since the last call: 0 or -errno. */
int syncer_error(struct syncer *s);

/* Ends the thread; what is dirty then is the caller's to sync. */
void syncer_stop(struct syncer *s);

#endif /* BT_RECORD_SYNCER_H */
