/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * How far the reading of long files has come, for who waits at a terminal: "reading trace.jsonl: 43 %, 430,000 lines".
 * Said on standard error once nothing else has been said for a second, a few times a second, and taken back before
 * anything else is. Nothing is said where standard error is no terminal, with -q, and of what has no size.
 */
#ifndef BT_CMD_PROGRESS_H
#define BT_CMD_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct progress {
	bool on;
	bool shared; /* standard output is a terminal, too: it says how far it has come, while it does */
	bool spoke;	  /* something was said there since the last look at the clock */
	const char *path; /* of the file; of several nobody's */
	unsigned files;
	uint64_t size, bytes, lines; /* of all files */
	uint64_t quiet_ns;	     /* nothing was said since */
	uint64_t next_ns;
};

/* From now on a signal that ends the program takes back what was said, too. */
void progress_begin(struct progress *p);

/* One more file that will be read. */
void progress_add(struct progress *p, const char *path, int fd);

/* More of the files has been read, so many bytes and lines; "now" is boottime. */
void progress_read(struct progress *p, size_t bytes, uint64_t lines, uint64_t now_ns);

/* The same for a reader's on_read. */
void progress_on_read(void *progress, size_t bytes, uint64_t lines);

/* Comes before whatever is written to standard output. */
void progress_make_way(struct progress *p);

/* Takes back what it has said. */
void progress_end(struct progress *p);

#endif /* BT_CMD_PROGRESS_H */
