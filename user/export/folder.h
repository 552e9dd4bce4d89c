/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The files of a recording as they are found in its folder: PATH, PATH.000001 and up, and those that were moved. */
#ifndef BT_EXPORT_FOLDER_H
#define BT_EXPORT_FOLDER_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct folder {
	const char *path; /* as it was given */
	const char *name; /* its last part */
	int fd;
};

struct found {
	char name[NAME_MAX + 1];
	uint32_t number; /* 0: it has none */
	dev_t device;
	ino_t inode;
};

/* 0 or -errno; folder_close() is for either. */
int folder_open(struct folder *f, const char *path);
void folder_close(struct folder *f);

/*
 * Asks of every file whose name begins with that of the recording until one answers that it is the one: then true.
 * The order is any.
 */
bool folder_each(const struct folder *f, bool (*is_it)(void *context, const struct found *file),
		 void *context);

/* The highest number there is, 0: none. */
uint32_t folder_last(const struct folder *f);

/* The number that the open file has by now; 0: none. */
uint32_t folder_number(const struct folder *f, int fd);

/*
 * What comes after file number `after`: the one with the next number there is, or PATH itself. Never the file that is
 * open as fd; fd may be -1. false: nothing yet.
 */
bool folder_next(const struct folder *f, uint32_t after, int fd, struct found *next);

#endif /* BT_EXPORT_FOLDER_H */
