// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "source/netns.h"

#include <dirent.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/log.h"
#include "base/number.h"

enum { NETNS_COOKIE = 71 }; /* SO_NETNS_COOKIE, newer than some headers */

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

struct search {
	uint32_t number;
	int fd;
	bool found;
};

static bool is_it(void *context, const char *path)
{
	struct search *s = context;
	struct stat st;

	if (stat(path, &st) || (uint32_t)st.st_ino != s->number)
		return true;
	s->fd = open_namespace(path);
	s->found = s->fd >= 0;
	return !s->found;
}

int netns_open_number(uint32_t number)
{
	struct search s = { .number = number, .fd = -1 };

	if (number)
		each_in("/proc", "/ns/net", true, is_it, &s);
	if (number && !s.found)
		each_in(named, "", false, is_it, &s);
	return s.fd;
}

int netns_find(const char *word)
{
	char path[4096];
	uint32_t number;
	int fd;

	snprintf(path, sizeof(path), "%s%s%s", strchr(word, '/') ? "" : named,
		 strchr(word, '/') ? "" : "/", word);
	fd = open_namespace(path);
	if (fd >= 0)
		return fd;
	return number_u32(word, &number) ? -1 : netns_open_number(number);
}

int netns_open(const char *word)
{
	int fd = netns_find(word);

	if (fd < 0)
		log_error("there is no network namespace '%s'; give a name of ip netns, a path, or "
			  "the number of lsns",
			  word);
	return fd;
}

/* Of the namespace we are in. */
static uint32_t own_cookie(void)
{
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	uint64_t cookie = 0;
	socklen_t len = sizeof(cookie);

	if (fd < 0)
		return 0;
	if (getsockopt(fd, SOL_SOCKET, NETNS_COOKIE, &cookie, &len))
		cookie = 0;
	close(fd);
	return (uint32_t)cookie;
}

uint32_t netns_cookie(int fd)
{
	int home;
	uint32_t cookie;

	if (netns_number(fd) == netns_number(-1))
		return own_cookie();
	home = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	if (home < 0)
		return 0;
	if (setns(fd, CLONE_NEWNET)) {
		close(home);
		return 0;
	}
	cookie = own_cookie();
	/* who was allowed to go may come back */
	if (setns(home, CLONE_NEWNET))
		abort();
	close(home);
	return cookie;
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
