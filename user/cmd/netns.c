// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "cmd/netns.h"

#include <dirent.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/log.h"
#include "base/number.h"
#include "enrich/netns.h"

static const char *const named = "/run/netns";

uint32_t netns_number(int fd)
{
	struct stat st;

	if (fd < 0 ? stat("/proc/self/ns/net", &st) : fstat(fd, &st))
		return 0;
	return (uint32_t)st.st_ino;
}

/* A descriptor for what is a namespace, -1 for anything else. */
static int open_namespace(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct statfs fs;

	if (fd >= 0 && (fstatfs(fd, &fs) || fs.f_type != NSFS_MAGIC)) {
		close(fd);
		fd = -1;
	}
	return fd;
}

/* One folder with an entry a namespace; below each, the file that is it. */
static void each_in(const char *folder, const char *below, bool only_numbers,
		    bool (*fn)(void *context, const char *path), void *context)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;
	char path[512];
	uint32_t pid;

	while (dir && (entry = readdir(dir))) {
		if (entry->d_name[0] == '.' || (only_numbers && number_u32(entry->d_name, &pid)))
			continue;
		snprintf(path, sizeof(path), "%s/%s%s", folder, entry->d_name, below);
		if (!fn(context, path))
			break;
	}
	if (dir)
		closedir(dir);
}

int netns_open(const char *word)
{
	uint32_t number;
	char path[4096];
	int fd;

	snprintf(path, sizeof(path), "%s%s%s", strchr(word, '/') ? "" : named,
		 strchr(word, '/') ? "" : "/", word);
	fd = open_namespace(path);
	if (fd < 0 && !number_u32(word, &number) && number)
		fd = netns_find(number, 0);
	if (fd >= 0)
		return fd;
	log_error("there is no network namespace '%s'; give a name of ip netns, a path, or "
		  "the number of lsns",
		  word);
	return -1;
}

struct visit {
	void (*fn)(void *context, int fd, uint32_t number);
	void *context;
	uint32_t *seen;
	size_t n, room;
};

static bool is_new(struct visit *v, uint32_t number)
{
	uint32_t *more;
	size_t i;

	for (i = 0; i < v->n; i++)
		if (v->seen[i] == number)
			return false;
	if (v->n == v->room) {
		more = realloc(v->seen, (v->room + 64) * sizeof(*more));
		if (!more)
			return false;
		v->seen = more;
		v->room += 64;
	}
	v->seen[v->n++] = number;
	return true;
}

static bool visit(void *context, const char *path)
{
	struct visit *v = context;
	struct stat st;
	int fd;

	if (stat(path, &st) || !is_new(v, (uint32_t)st.st_ino))
		return true;
	fd = open_namespace(path);
	if (fd < 0)
		return true;
	v->fn(v->context, fd, (uint32_t)st.st_ino);
	close(fd);
	return true;
}

void netns_each(void (*fn)(void *context, int fd, uint32_t number), void *context)
{
	struct visit v = { .fn = fn, .context = context };

	each_in("/proc", "/ns/net", true, visit, &v);
	each_in(named, "", false, visit, &v);
	free(v.seen);
}
