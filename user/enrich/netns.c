// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "enrich/netns.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "enrich/proc.h"
#include "enrich/root.h"

/* A name whose namespace was unmounted is a plain file, with an inode number of its own. */
static uint64_t namespace_at(const char *path)
{
	int fd = open(path, O_PATH | O_CLOEXEC);
	struct statfs fs;
	struct stat st;
	uint64_t ino = 0;

	if (fd < 0)
		return 0;
	if (!fstatfs(fd, &fs) && fs.f_type == NSFS_MAGIC && !fstat(fd, &st))
		ino = st.st_ino;
	close(fd);
	return ino;
}

uint64_t netns_of_path(const char *path)
{
	char full[PATH_MAX];

	return root_path(path, full, sizeof(full)) ? 0 : namespace_at(full);
}

void netns_name(uint64_t netns, char *out, size_t size)
{
	char path[300];
	struct dirent *entry;
	DIR *dir = netns ? root_opendir("/run/netns") : NULL;

	out[0] = '\0';
	while (dir && !out[0] && (entry = readdir(dir))) {
		if (entry->d_name[0] == '.' || strlen(entry->d_name) >= size)
			continue;
		snprintf(path, sizeof(path), "/run/netns/%s", entry->d_name);
		if (netns_of_path(path) == netns)
			strcpy(out, entry->d_name);
	}
	if (dir)
		closedir(dir);
}

uint64_t netns_own(void)
{
	return namespace_at("/proc/self/ns/net");
}

/* A descriptor when it is the one, else -1. */
static int open_if(int dir, const char *path, uint64_t netns)
{
	struct stat st;
	int fd;

	if (fstatat(dir, path, &st, 0) || st.st_ino != netns)
		return -1;
	fd = openat(dir, path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0 && !fstat(fd, &st) && st.st_ino == netns)
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

/* Started at or after that boottime: it may be in another namespace, which has got the number since. */
static bool is_too_young(const char *pid, uint64_t before_ns)
{
	struct proc_stat s;
	int dir;

	dir = proc_open((uint32_t)strtoul(pid, NULL, 10));
	if (dir < 0)
		return true;
	if (proc_stat_read(dir, &s))
		s.start_ticks = UINT64_MAX;
	close(dir);
	return !proc_started_before(&s, before_ns);
}

/*
 * A number is soon given to another namespace: only one counts that a process is in which has been there
 * since before that boottime. A descriptor, or -ENOENT.
 */
static int find_process(uint64_t netns, uint64_t before_ns)
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;
	char path[300];
	int fd = -1;

	while (fd < 0 && proc && (entry = readdir(proc))) {
		if (!isdigit((unsigned char)entry->d_name[0]))
			continue;
		snprintf(path, sizeof(path), "/proc/%.255s/ns/net", entry->d_name);
		fd = open_if(AT_FDCWD, path, netns);
		if (fd >= 0 && is_too_young(entry->d_name, before_ns)) {
			close(fd);
			fd = -1;
		}
	}
	if (proc)
		closedir(proc);
	return fd < 0 ? -ENOENT : fd;
}

/* The asker's own, or that of its thread. */
static int open_of_asker(const struct bt_task *task)
{
	int dir = proc_open(task->pid), fd = -1;
	struct proc_stat s;
	char path[64];

	if (dir < 0)
		return -1;
	snprintf(path, sizeof(path), "task/%u/ns/net", task->tid);
	if (!proc_stat_read(dir, &s) && proc_started_at(&s, task->start_ns))
		fd = open_if(dir, path, task->netns);
	close(dir);
	return fd;
}

int netns_visit(const struct bt_record *r, void (*fn)(void *context), void *context)
{
	int home, there, err = 0;

	if (r->task.netns == netns_own()) {
		fn(context);
		return 0;
	}
	home = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	there = home < 0 ? -errno : open_of_asker(&r->task);
	if (home >= 0 && there < 0)
		there = find_process(r->task.netns, r->hdr.boottime_ns);
	if (there >= 0 && setns(there, CLONE_NEWNET))
		err = -errno;
	if (there >= 0 && !err) {
		fn(context);
		/* who was allowed to go may come back */
		if (setns(home, CLONE_NEWNET))
			abort();
	}
	if (there >= 0)
		close(there);
	if (home >= 0)
		close(home);
	return there < 0 ? there : err;
}
