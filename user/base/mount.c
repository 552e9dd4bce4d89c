// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "base/mount.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <linux/magic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/vfs.h>
#include <unistd.h>

/* Where it is mounted as a rule, for who may not mount one. */
static int open_usual(const char *filesystem, const char *path)
{
	static const struct {
		const char *filesystem, *place;
		long magic;
	} usual[] = {
		{ "tracefs", "/sys/kernel/tracing", TRACEFS_MAGIC },
		{ "debugfs", "/sys/kernel/debug", DEBUGFS_MAGIC },
		{ "securityfs", "/sys/kernel/security", SECURITYFS_MAGIC },
		{ "cgroup2", "/sys/fs/cgroup", CGROUP2_SUPER_MAGIC },
	};
	int dir = -1, fd = -1;
	struct statfs fs;

	for (unsigned i = 0; i < sizeof(usual) / sizeof(*usual); i++)
		if (!strcmp(filesystem, usual[i].filesystem) && !statfs(usual[i].place, &fs) &&
		    fs.f_type == usual[i].magic)
			dir = open(usual[i].place, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0)
		return -EPERM;
	fd = openat(dir, path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		fd = -errno;
	close(dir);
	return fd;
}

/*
 * Opens path below a private, detached mount of a kernel file system ("tracefs", "debugfs"). A file descriptor
 * or -errno.
 */
static int mount_open(const char *filesystem, const char *path)
{
	int context = fsopen(filesystem, FSOPEN_CLOEXEC), mount = -1, fd = -1, err;

	if (context < 0)
		return errno == EPERM ? open_usual(filesystem, path) : -errno;
	if (!fsconfig(context, FSCONFIG_CMD_CREATE, NULL, NULL, 0))
		mount = fsmount(context, FSMOUNT_CLOEXEC, 0);
	if (mount >= 0)
		fd = openat(mount, path, O_RDONLY | O_CLOEXEC);
	err = -errno;
	close(context);
	if (mount >= 0)
		close(mount);
	return fd < 0 ? err : fd;
}

int mount_cgroup_root(void)
{
	return mount_open("cgroup2", ".");
}

int mount_read(const char *filesystem, const char *path, char *to, size_t size)
{
	int fd = mount_open(filesystem, path);
	ssize_t n;

	if (fd < 0)
		return fd;
	n = read(fd, to, size - 1);
	close(fd);
	if (n < 0)
		return -errno;
	to[n] = '\0';
	return 0;
}

int mount_tracepoint_id(const char *category, const char *name)
{
	char path[128], text[32];
	int err;

	snprintf(path, sizeof(path), "events/%s/%s/id", category, name);
	err = mount_read("tracefs", path, text, sizeof(text));
	return err ? err : atoi(text);
}
