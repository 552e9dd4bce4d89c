// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "export/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/number.h"

enum { DIGITS = 6 }; /* at least: as record numbers its files */

int folder_open(struct folder *f, const char *path)
{
	const char *slash = strrchr(path, '/');
	char *place = slash ? strndup(path, (size_t)(slash - path) + 1) : strdup(".");

	*f = (struct folder){ .path = path, .name = slash ? slash + 1 : path, .fd = -1 };
	if (!place)
		return -ENOMEM;
	f->fd = open(place, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	free(place);
	return f->fd < 0 ? -errno : 0;
}

void folder_close(struct folder *f)
{
	if (f->fd >= 0)
		close(f->fd);
}

static uint32_t number_of(const struct folder *f, const char *name)
{
	size_t n = strlen(f->name);
	uint32_t number;

	if (name[n] != '.' || strlen(name + n + 1) < DIGITS || number_u32(name + n + 1, &number))
		return 0;
	return number;
}

static bool ours(const struct folder *f, const char *name, struct found *file)
{
	struct stat st;

	if (strncmp(name, f->name, strlen(f->name)) || strlen(name) > NAME_MAX)
		return false;
	if (fstatat(f->fd, name, &st, AT_SYMLINK_NOFOLLOW) || !S_ISREG(st.st_mode))
		return false;
	*file = (struct found){ .number = number_of(f, name),
				.device = st.st_dev,
				.inode = st.st_ino };
	strcpy(file->name, name);
	return true;
}

/* By the descriptor that is there: opening the folder anew would need the permission to read it. */
bool folder_each(const struct folder *f, bool (*is_it)(void *context, const struct found *file),
		 void *context)
{
	int fd = fcntl(f->fd, F_DUPFD_CLOEXEC, 0);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;
	struct found file;
	bool found = false;

	if (!dir) {
		if (fd >= 0)
			close(fd);
		return false;
	}
	rewinddir(dir);
	while (!found && (entry = readdir(dir)))
		found = ours(f, entry->d_name, &file) && is_it(context, &file);
	closedir(dir);
	return found;
}

static bool highest(void *context, const struct found *file)
{
	uint32_t *number = context;

	if (file->number > *number)
		*number = file->number;
	return false;
}

uint32_t folder_last(const struct folder *f)
{
	uint32_t number = 0;

	folder_each(f, highest, &number);
	return number;
}

struct wanted {
	const struct folder *folder;
	struct stat open; /* the file that is open: its st_ino is 0 when none is */
	uint32_t after, number;
	struct found *next;
	bool any;
};

static bool is_open(const struct wanted *w, const struct found *file)
{
	return w->open.st_ino && file->device == w->open.st_dev && file->inode == w->open.st_ino;
}

static bool same_file(void *context, const struct found *file)
{
	struct wanted *w = context;

	if (!file->number || !is_open(w, file))
		return false;
	w->number = file->number;
	return true;
}

uint32_t folder_number(const struct folder *f, int fd)
{
	struct wanted w = { .folder = f };

	if (fd < 0 || fstat(fd, &w.open))
		return 0;
	folder_each(f, same_file, &w);
	return w.number;
}

/* A number stands before PATH, which is the newest. */
static bool earlier(void *context, const struct found *file)
{
	struct wanted *w = context;
	bool path = !strcmp(file->name, w->folder->name);

	if (is_open(w, file) || !(path || file->number > w->after))
		return false;
	if (w->any && (path || (w->next->number && w->next->number < file->number)))
		return false;
	*w->next = *file;
	w->any = true;
	return false;
}

bool folder_next(const struct folder *f, uint32_t after, int fd, struct found *next)
{
	struct wanted w = { .folder = f, .after = after, .next = next };

	if (fd >= 0 && fstat(fd, &w.open))
		return false;
	folder_each(f, earlier, &w);
	return w.any;
}
