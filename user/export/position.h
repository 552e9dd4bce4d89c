/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * How far a recording has been exported, kept in a file of its own (--state), so that who starts next goes on there.
 *
 * The file holds two records of 512 bytes, written in turn: a text line, padded, with a checksum. One of them is always
 * whole, whenever the power goes; what is written survives kill -9 at once, and a power cut when it is synced.
 */
#ifndef BT_EXPORT_POSITION_H
#define BT_EXPORT_POSITION_H

#include <stdbool.h>
#include <stdint.h>

struct position {
	/* which one, by its first line: position_file(); 0: none has been read from */
	uint64_t file;
	uint64_t offset; /* so many bytes of it have been delivered */
	uint32_t after;	 /* all files with this number or a smaller one are older than it */
};

struct position_file;

/*
 * Takes hold of the file, which is made when there is none, and reads it. *found: it says where to go on. 0, or a
 * status of base/status.h whose reason has been printed: somebody else has it, it is none of ours.
 */
int position_open(struct position_file **out, const char *path, struct position *p, bool *found);

/* Writes it where a crash of this process cannot take it back. 0 or -errno. */
int position_keep(struct position_file *f, const struct position *p);

/* Brings what was kept to the disk. 0 or -errno. */
int position_sync(struct position_file *f);

/* Syncs and closes; NULL is fine. */
void position_close(struct position_file *f);

/*
 * Which file it is, by its first line, of which 4,096 bytes count: the time of its header is in them. 0: there is no
 * whole line yet, or it cannot be read.
 */
uint64_t position_file(int fd);

#endif /* BT_EXPORT_POSITION_H */
