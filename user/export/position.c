// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "export/position.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "base/status.h"
#include "base/text.h"

enum { RECORD = 512, FIRST_LINE = 4096 };

struct position_file {
	int fd;
	uint64_t turn; /* of the latest record */
	struct position kept;
	bool dirty; /* not synced */
};

/* A hash of bytes that are never secret and of nobody's choice; never 0. */
static uint64_t position_hash(const void *bytes, unsigned long n)
{
	const unsigned char *at = bytes;
	uint64_t hash = 0xcbf29ce484222325; /* FNV-1a */

	while (n--)
		hash = (hash ^ *at++) * 0x100000001b3;
	return hash ? hash : 1;
}

uint64_t position_file(int fd)
{
	char line[FIRST_LINE];
	ssize_t n = pread(fd, line, sizeof(line), 0);
	const char *end = n > 0 ? memchr(line, '\n', (size_t)n) : NULL;

	if (!end && n < (ssize_t)sizeof(line))
		return 0;
	return position_hash(line, end ? (size_t)(end - line) : sizeof(line));
}

/* The checksum covers what stands before it. */
static void print(char out[RECORD + 1], uint64_t turn, const struct position *p)
{
	int n = snprintf(out, RECORD + 1,
			 "bindtrace-export 1 turn %" PRIu64 " file %016" PRIx64 " offset %" PRIu64
			 " after %" PRIu32,
			 turn, p->file, p->offset, p->after);
	uint64_t sum = position_hash(out, (unsigned)n);

	snprintf(out + n, RECORD + 1 - (size_t)n, " sum %016" PRIx64 "%*s\n", sum, RECORD - n - 22,
		 "");
}

/* A record is what print() makes of what was read from it, to the byte. */
static bool scan(const char record[RECORD + 1], uint64_t *turn, struct position *p)
{
	char again[RECORD + 1];

	if (sscanf(record,
		   "bindtrace-export 1 turn %" SCNu64 " file %" SCNx64 " offset %" SCNu64
		   " after %" SCNu32,
		   turn, &p->file, &p->offset, &p->after) != 4)
		return false;
	print(again, *turn, p);
	return !memcmp(record, again, RECORD);
}

/* The newer one of the two that are whole. */
static bool read_records(struct position_file *f)
{
	char record[RECORD + 1] = "";
	struct position p;
	bool found = false;
	uint64_t turn;

	for (int i = 0; i < 2; i++) {
		if (pread(f->fd, record, RECORD, i * RECORD) != RECORD || !scan(record, &turn, &p))
			continue;
		if (found && turn < f->turn)
			continue;
		f->turn = turn;
		f->kept = p;
		found = true;
	}
	return found;
}

/* Its name has to last as long as what is in it. */
static int sync_folder(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *folder = slash ? strndup(path, (size_t)(slash - path) + 1) : strdup(".");
	int fd = folder ? open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
	int err = fd < 0 || fsync(fd) ? -errno : 0;

	if (fd >= 0)
		close(fd);
	free(folder);
	return err;
}

/* Both records, so that there is room for them from now on. */
static int begin(struct position_file *f, const char *path)
{
	int err = position_keep(f, &f->kept);

	err = err ? err : position_keep(f, &f->kept);
	err = err ? err : position_sync(f);
	return err ? err : sync_folder(path);
}

static int open_file(struct position_file *f, const char *path, bool *found)
{
	struct stat st;
	bool whole;

	f->fd = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600);
	if (f->fd < 0 || fstat(f->fd, &st))
		return -errno;
	if (!S_ISREG(st.st_mode))
		return -EINVAL;
	if (flock(f->fd, LOCK_EX | LOCK_NB))
		return -EBUSY;
	whole = read_records(f);
	*found = whole && f->kept.file;
	if (whole)
		return 0;
	return st.st_size ? -EINVAL : begin(f, path);
}

int position_open(struct position_file **out, const char *path, struct position *p, bool *found)
{
	struct position_file *f = calloc(1, sizeof(*f));
	int err = -ENOMEM;

	if (f) {
		*out = f;
		err = open_file(f, path, found);
		*p = f->kept;
	}
	if (err == -EBUSY)
		log_error("another exporter keeps its position in %s", path);
	else if (err == -EINVAL)
		log_error("%s is no state of bindtrace export, or both its records are damaged; "
			  "remove it to begin anew",
			  path);
	else if (err)
		log_error("cannot keep a position in %s: %s", path, strerror(-err));
	return err ? EXIT_FAILED : EXIT_OK;
}

int position_keep(struct position_file *f, const struct position *p)
{
	char record[RECORD + 1];
	ssize_t n;

	print(record, f->turn + 1, p);
	n = pwrite(f->fd, record, RECORD, (off_t)((f->turn + 1) % 2) * RECORD);
	if (n != RECORD)
		return n < 0 ? -errno : -ENOSPC;
	f->turn++;
	f->kept = *p;
	f->dirty = true;
	return 0;
}

int position_sync(struct position_file *f)
{
	if (!f->dirty)
		return 0;
	f->dirty = false;
	return fdatasync(f->fd) ? -errno : 0;
}

void position_close(struct position_file *f)
{
	if (!f)
		return;
	if (f->fd >= 0) {
		position_sync(f);
		close(f->fd);
	}
	free(f);
}
