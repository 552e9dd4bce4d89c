// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "record/files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/fsuid.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/number.h"
#include "base/text.h"

enum {
	DIGITS = 6,
	BLOCK = 4096,	    /* what a file system gives a file */
	FOOTER_ROOM = 4096, /* a footer has some 2 KB with every reason in it and a signature */
};

bool files_numbers(const struct files *f)
{
	return f->bounds.max_size || f->bounds.max_files || f->bounds.budget;
}

static uint64_t on_disk(uint64_t size)
{
	return (size + BLOCK - 1) / BLOCK * BLOCK;
}

/* "trace.jsonl.000042"; a name so long that this does not fit is refused by the kernel, too. */
static void numbered_name(const struct files *f, unsigned number, char out[NAME_MAX + 16])
{
	snprintf(out, NAME_MAX + 16, "%s.%0*u", f->name, DIGITS, number);
}

/* Number of a file of ours by its name; 0: it is none. */
static unsigned number_of(const struct files *f, const char *name)
{
	size_t n = strlen(f->name);
	uint32_t number;

	if (strncmp(name, f->name, n) != 0 || name[n] != '.' || strlen(name + n + 1) < DIGITS ||
	    number_u32(name + n + 1, &number))
		return 0;
	return number;
}

static int keep(struct files *f, unsigned number, uint64_t size)
{
	struct numbered *kept = reallocarray(f->kept, f->n_kept + 1, sizeof(*kept));

	if (!kept)
		return -ENOMEM;
	f->kept = kept;
	kept[f->n_kept++] = (struct numbered){ number, size };
	if (number > f->last_number)
		f->last_number = number;
	return 0;
}

static int by_number(const void *a, const void *b)
{
	const struct numbered *x = a, *y = b;

	return x->number < y->number ? -1 : x->number > y->number;
}

/* What earlier runs have left: it counts, and no number is given twice. */
static int list_kept(struct files *f)
{
	int fd = openat(f->folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC), err = 0;
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;
	struct stat st;

	if (!dir)
		return -errno;
	while (!err && (entry = readdir(dir))) {
		unsigned number = number_of(f, entry->d_name);

		if (number && !fstatat(f->folder, entry->d_name, &st, AT_SYMLINK_NOFOLLOW) &&
		    S_ISREG(st.st_mode))
			err = keep(f, number, (uint64_t)st.st_size);
	}
	closedir(dir);
	if (f->n_kept)
		qsort(f->kept, f->n_kept, sizeof(*f->kept), by_number);
	return err;
}

static int remove_oldest(struct files *f)
{
	char name[NAME_MAX + 16];

	numbered_name(f, f->kept[0].number, name);
	if (unlinkat(f->folder, name, 0) && errno != ENOENT)
		return -errno;
	memmove(f->kept, f->kept + 1, --f->n_kept * sizeof(*f->kept));
	return 0;
}

/* Removes old files until the one being written may have this size, if it may at all. */
static int make_room(struct files *f, uint64_t size)
{
	uint64_t total = on_disk(size);
	size_t i;
	int err;

	if (f->bounds.budget && total > f->bounds.budget)
		return -ENOSPC; /* whatever is removed */
	for (i = 0; i < f->n_kept; i++)
		total += on_disk(f->kept[i].size);
	while ((f->bounds.budget && total > f->bounds.budget) ||
	       (f->bounds.max_files && f->n_kept >= f->bounds.max_files)) {
		total -= on_disk(f->kept[0].size);
		err = remove_oldest(f);
		if (err)
			return err;
	}
	return 0;
}

/* Gives what is at PATH the next number. */
static int move_away(struct files *f, uint64_t size)
{
	char name[NAME_MAX + 16];
	int err;

	numbered_name(f, f->last_number + 1, name);
	if (renameat2(f->folder, f->name, f->folder, name, RENAME_NOREPLACE))
		return -errno;
	err = keep(f, f->last_number + 1, size);
	if (!err && fsync(f->folder))
		err = -errno;
	return err;
}

/* The file of an earlier run: it is moved away, unless its recorder still lives. */
static int move_earlier(struct files *f, bool *moved)
{
	int fd = openat(f->folder, f->name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC), err;
	struct stat st;

	if (fd < 0)
		return errno == ENOENT ? 0 : -EEXIST;
	if (fstat(fd, &st) || !S_ISREG(st.st_mode))
		err = -EEXIST;
	else if (flock(fd, LOCK_EX | LOCK_NB))
		err = -EBUSY;
	else
		err = move_away(f, (uint64_t)st.st_size);
	close(fd);
	*moved = !err;
	return err;
}

static int open_folder(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *folder = slash ? strndup(path, (size_t)(slash - path) + 1) : strdup(".");
	int fd;

	if (!folder)
		return -ENOMEM;
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	free(folder);
	return fd < 0 ? -errno : fd;
}

int files_open(struct files *f, const char *path, const struct files_bounds *bounds, bool *moved)
{
	const char *slash = strrchr(path, '/');
	int err = 0;

	*f = (struct files){ .path = path,
			     .name = slash ? slash + 1 : path,
			     .bounds = *bounds,
			     .folder = open_folder(path),
			     .fd = -1 };
	*moved = false;
	if (f->folder < 0)
		return f->folder;
	/*
	 * As a saved group it may be taken for a new file also when CAP_SETGID has been given up. For this thread only:
	 * glibc's setresgid() asks all, and aborts where one of them has given that up already.
	 */
	if (bounds->group && syscall(SYS_setresgid, -1, -1, bounds->group) && errno != EPERM)
		return -errno;
	if (files_numbers(f))
		err = list_kept(f);
	if (!err && files_numbers(f))
		err = move_earlier(f, moved);
	return err ? err : files_create(f);
}

/* In a folder that gives its own group to what is made in it. */
static int let_group_read(const struct files *f)
{
	if (!f->bounds.group)
		return 0;
	return fchown(f->fd, (uid_t)-1, f->bounds.group) || fchmod(f->fd, 0640) ? -errno : 0;
}

/* It is the group's from the first moment on: who follows the recording opens it as soon as it has a name. */
static int make_file(const struct files *f)
{
	const int flags = O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC;
	mode_t mask;
	int fd, own;

	if (!f->bounds.group)
		return openat(f->folder, f->name, flags, 0600);
	own = setfsgid(f->bounds.group);
	mask = umask(0);
	fd = openat(f->folder, f->name, flags, 0640);
	umask(mask);
	setfsgid((gid_t)own);
	return fd;
}

int files_create(struct files *f)
{
	int err = make_room(f, 0);
	struct stat st = { 0 };

	if (err)
		return err;
	f->fd = make_file(f);
	if (f->fd < 0)
		return -errno;
	f->size = 0;
	f->torn = false;
	err = let_group_read(f);
	if (!err && (flock(f->fd, LOCK_EX | LOCK_NB) || fstat(f->fd, &st) || fsync(f->folder)))
		err = -errno;
	if (!err) {
		f->device = st.st_dev;
		f->inode = st.st_ino;
		return 0;
	}
	unlinkat(f->folder, f->name, 0);
	close(f->fd);
	f->fd = -1;
	return err;
}

bool files_full(const struct files *f, size_t n)
{
	return f->bounds.max_size && f->size && f->size + n + FOOTER_ROOM > f->bounds.max_size;
}

int files_append(struct files *f, const char *bytes, size_t n, bool footer)
{
	int err;

	if (f->torn && ftruncate(f->fd, (off_t)f->size))
		return -errno;
	f->torn = false;
	err = make_room(f, f->size + n + (footer ? 0 : FOOTER_ROOM));
	if (!err)
		err = write_all(f->fd, bytes, n);
	if (!err) {
		f->size += n;
		return 0;
	}
	f->torn = ftruncate(f->fd, (off_t)f->size) != 0;
	return err;
}

bool files_in_place(const struct files *f)
{
	struct stat st;

	return !fstatat(f->folder, f->name, &st, AT_SYMLINK_NOFOLLOW) && st.st_dev == f->device &&
	       st.st_ino == f->inode;
}

bool files_at_path(const struct files *f)
{
	struct stat st;

	return !fstatat(f->folder, f->name, &st, AT_SYMLINK_NOFOLLOW);
}

int files_finish(struct files *f)
{
	int err = 0;

	if (files_numbers(f) && files_in_place(f))
		err = move_away(f, f->size);
	if (err)
		return err;
	close(f->fd);
	f->fd = -1;
	return 0;
}

void files_close(struct files *f)
{
	if (f->fd >= 0 && !f->size && files_in_place(f))
		unlinkat(f->folder, f->name, 0);
	if (f->fd >= 0)
		close(f->fd);
	if (f->folder >= 0)
		close(f->folder);
	free(f->kept);
	f->kept = NULL;
}
