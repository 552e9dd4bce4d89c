/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#include "enrich/netns.h"

#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

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
