/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The files of a recording on disk: the one that is written, PATH, and those before it, PATH.000001 and up.
 * Nothing is overwritten, a file gets its number once and keeps it, and what is kept stays within its bounds.
 */
#ifndef BT_RECORD_FILES_H
#define BT_RECORD_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* What may be on disk, 0: any, and who may read it. A file that is moved away by max_size gets a number. */
struct files_bounds {
	uint64_t max_size;  /* of a file, in bytes */
	unsigned max_files; /* the one being written included */
	uint64_t budget;    /* of all files together, in bytes of disk */
	gid_t group;	    /* that may read them: then they are 0640; 0: none but root's, 0600 */
};

struct numbered {
	unsigned number;
	uint64_t size;
};

struct files {
	const char *path, *name; /* name: its last part */
	struct files_bounds bounds;
	int folder;    /* a descriptor of where it is */
	int fd;	       /* of the file being written, -1: none */
	uint64_t size; /* of what it holds */
	bool torn;     /* it holds more than that: what a write that failed has left */
	dev_t device;
	ino_t inode;
	unsigned last_number;
	struct numbered *kept; /* the oldest first */
	size_t n_kept;
};

/*
 * Takes hold of the place and makes the first file. One that is there already is left alone: -EEXIST, or
 * with bounds it gets a number and *moved. -EBUSY: another recorder is writing it.
 */
int files_open(struct files *f, const char *path, const struct files_bounds *bounds, bool *moved);

/* The next file, empty, 0600 (or 0640), its name synced. f->fd must be -1. 0 or -errno. */
int files_create(struct files *f);

/* Would n more bytes, and room for a footer, make the file too long? Never for an empty one. */
bool files_full(const struct files *f, size_t n);

/*
 * Appends all n bytes or nothing, after removing old files as the bounds demand. A footer, the last line of
 * its file, may have the room that the others leave for it. 0 or -errno: -ENOSPC also when the budget has no
 * room.
 */
int files_append(struct files *f, const char *bytes, size_t n, bool footer);

/* Whether files get numbers and old ones are removed: there are bounds. */
bool files_numbers(const struct files *f);

/* Whether PATH still names the file being written. */
bool files_in_place(const struct files *f);

/* Is there anything at PATH? */
bool files_at_path(const struct files *f);

/* Gives the file being written a number, if it is in place and numbers are given at all; then closes it. */
int files_finish(struct files *f);

/* Closes; an empty file is removed. */
void files_close(struct files *f);

#endif /* BT_RECORD_FILES_H */
