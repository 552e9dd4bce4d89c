/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Takes the lines of a stream (docs/events.md), seals them and brings them to the disk. A disk that is full
 * or broken stops nothing: the lines are counted, and a line of kind "lost" says how many when it can.
 */
#ifndef BT_RECORD_RECORDER_H
#define BT_RECORD_RECORDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "record/files.h"
#include "record/seal.h"

struct recorder_options {
	const char *path;
	struct files_bounds bounds;
	bool sync; /* each line before the next one is taken */
	/* NULL: no signature. The caller's, for as long as the recorder */
	const struct seal_key *key;
};

/*
 * Who makes the lines that the recorder needs: each writes one to recorder_fd() and returns 0 or -errno.
 * Their "seq" does not matter.
 */
struct recorder_lines {
	void *context;
	int (*header)(void *context);	 /* of the next file */
	int (*continued)(void *context); /* the footer of a file that another one follows */
	int (*lost)(void *context, uint64_t refusals, uint64_t lines);
};

/* What could not be written since the beginning. */
struct recorder_loss {
	uint64_t refusals; /* that the lines told of */
	uint64_t events;   /* lines of kind "failure" */
	uint64_t lines;	   /* of any kind */
	int err;	   /* the latest reason, -errno */
};

struct recorder;

/*
 * Makes the first file. *moved: a file of an earlier run had its place and has got a number. *out is for
 * recorder_close(). 0 or -errno, as of files_open().
 */
int recorder_open(struct recorder **out, const struct recorder_options *options,
		  const struct recorder_lines *lines, bool *moved);

/* A sink writes one whole line here, then it is taken. */
int recorder_fd(const struct recorder *r);

/* The folder of the files, as a descriptor. */
int recorder_folder(const struct recorder *r);

/*
 * The line tells of so many refusals. 0, also when it is lost; -errno when nothing can be recorded at all: without
 * the first header.
 */
int recorder_take(struct recorder *r, uint64_t refusals);

/* Tries to say what was lost. Whether there is still something to say: then call again a while later. */
bool recorder_tick(struct recorder *r);

/*
 * Goes on in a new file at the path: the old one has been moved by somebody else, or gets a number. 0 or
 * -errno: -EEXIST, something is in its place, and the old file goes on; with other ones recorder_tick() tries
 * again.
 */
int recorder_reopen(struct recorder *r);

/* What has been lost so far, of which the latest may not be said yet. */
void recorder_loss(const struct recorder *r, struct recorder_loss *loss);

/* Whether something is lost of which no line says so yet. */
bool recorder_pending(const struct recorder *r);

/* The last chain value that was written. */
void recorder_chain(const struct recorder *r, uint8_t chain[SEAL_HASH]);

/* What went wrong with syncing since the last call, 0 or -errno. */
int recorder_sync_error(struct recorder *r);

/* Syncs and closes; NULL is fine. 0, or -errno when the last sync failed. */
int recorder_close(struct recorder *r);

#endif /* BT_RECORD_RECORDER_H */
