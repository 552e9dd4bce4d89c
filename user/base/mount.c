// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "base/mount.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <unistd.h>

int mount_open(const char *filesystem, const char *path)
{
	int context = fsopen(filesystem, FSOPEN_CLOEXEC), mount = -1, fd = -1, err;

	if (context < 0)
		return -errno;
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
