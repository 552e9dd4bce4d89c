// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "enrich/path.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

enum { MAX_LINKS = 40 }; /* as many as the kernel follows (MAXSYMLINKS) */

struct walk {
	int root, here;	 /* here is our own */
	struct stat top; /* the end of the way up */
	unsigned links;
	char rest[PATH_MAX], *at;
};

static int go(struct walk *w, int fd)
{
	if (fd < 0)
		return -errno;
	close(w->here);
	w->here = fd;
	return 0;
}

static int go_up(struct walk *w)
{
	struct stat here;

	if (fstat(w->here, &here))
		return -errno;
	if (here.st_dev == w->top.st_dev && here.st_ino == w->top.st_ino)
		return w->root < 0 ? -EXDEV : 0;
	return go(w, openat(w->here, "..", O_PATH | O_DIRECTORY | O_CLOEXEC));
}

/* What the link says comes before the rest of the path. */
static int follow(struct walk *w, int link)
{
	char target[PATH_MAX], rest[PATH_MAX];
	struct statfs fs;
	ssize_t n;
	int len;

	if (w->root < 0 || ++w->links > MAX_LINKS || fstatfs(link, &fs) ||
	    fs.f_type == PROC_SUPER_MAGIC)
		return -ELOOP;
	n = readlinkat(link, "", target, sizeof(target));
	if (n < 0)
		return -errno;
	len = snprintf(rest, sizeof(rest), "%.*s/%s", (int)n, target, w->at);
	if (len < 0 || (size_t)len >= sizeof(rest))
		return -ENAMETOOLONG;
	strcpy(w->rest, rest);
	w->at = w->rest;
	return target[0] == '/' ? go(w, fcntl(w->root, F_DUPFD_CLOEXEC, 0)) : 0;
}

static int enter(struct walk *w, const char *name, bool last)
{
	int fd = openat(w->here, name, O_PATH | O_NOFOLLOW | O_CLOEXEC), err;
	struct stat st;

	if (fd < 0)
		return -errno;
	if (last || fstat(fd, &st) || !S_ISLNK(st.st_mode))
		return go(w, fd);
	err = follow(w, fd);
	close(fd);
	return err;
}

static int step(struct walk *w)
{
	size_t n = strcspn(w->at, "/");
	char *name = w->at;
	bool last = !name[n];

	w->at += n + !last;
	name[n] = '\0';
	if (!n || !strcmp(name, "."))
		return 0;
	return strcmp(name, "..") ? enter(w, name, last) : go_up(w);
}

int path_open(int root, int from, const char *path)
{
	struct walk w = { .root = root, .at = w.rest };
	int err = 0;

	if (!path[0])
		return -ENOENT;
	if (strlen(path) >= sizeof(w.rest))
		return -ENAMETOOLONG;
	strcpy(w.rest, path);
	w.here = fcntl(path[0] == '/' && root >= 0 ? root : from, F_DUPFD_CLOEXEC, 0);
	if (w.here < 0 || fstat(root < 0 ? from : root, &w.top))
		err = -errno;
	while (!err && *w.at)
		err = step(&w);
	if (!err)
		return w.here;
	if (w.here >= 0)
		close(w.here);
	return err;
}
