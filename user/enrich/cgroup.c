// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#define _GNU_SOURCE /* open_by_handle_at, strchrnul */
#include "enrich/cgroup.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#define FILEID_KERNFS 0xfe /* include/linux/exportfs.h: the handle is the 64-bit id */

static int copy(char *out, size_t size, const char *s, size_t n)
{
	if (n >= size) {
		out[0] = '\0';
		return -ENAMETOOLONG;
	}
	memcpy(out, s, n);
	out[n] = '\0';
	return 0;
}

static bool ends_in(const char *s, size_t n, const char *suffix)
{
	size_t len = strlen(suffix);

	return n > len && !memcmp(s + n - len, suffix, len);
}

/* Anybody may make a directory in a group that is delegated to them: only a name systemd allows is
 * one. */
static bool is_unit(const char *s, size_t n)
{
	static const char *const suffixes[] = { ".service", ".scope", ".socket", ".mount",
						".swap" };
	size_t i;

	for (i = 0; i < n; i++)
		if (!memchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789:-_.\\@",
			    s[i], 68))
			return false;
	for (i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++)
		if (ends_in(s, n, suffixes[i]))
			return true;
	return false;
}

/* The first component that is not a slice; *len is 0 when there is none. */
static const char *below_slices(const char *path, size_t *len)
{
	for (;;) {
		path += strspn(path, "/");
		*len = strcspn(path, "/");
		if (!ends_in(path, *len, ".slice"))
			return path;
		path += *len;
	}
}

static bool is_user_manager(const char *s, size_t n)
{
	return n > 5 && !memcmp(s, "user@", 5) && ends_in(s, n, ".service");
}

int cgroup_unit(const char *path, char *out, size_t size)
{
	size_t len, inner_len;
	const char *unit = below_slices(path, &len), *inner;

	out[0] = '\0';
	if (is_user_manager(unit, len)) {
		inner = below_slices(unit + len, &inner_len);
		/* init.scope holds the manager itself, which is best called by its own unit */
		if (is_unit(inner, inner_len) && strncmp(inner, "init.scope", inner_len)) {
			unit = inner;
			len = inner_len;
		}
	}
	/* systemd puts "_" before names that look like the kernel's own files (cg_escape) */
	if (len && unit[0] == '_') {
		unit++;
		len--;
	}
	if (!is_unit(unit, len) || copy(out, size, unit, len))
		return -ENOENT;
	return 0;
}

/* The path on the line "N:controllers:path" that begins with this prefix or has this middle. */
static const char *line_path(const char *text, const char *key, size_t *len)
{
	const char *line = text;

	while (*line) {
		const char *end = strchrnul(line, '\n'),
			   *colon = memchr(line, ':', (size_t)(end - line));
		size_t n = strlen(key);

		if (colon && (size_t)(end - line) > n &&
		    (!strncmp(line, key, n) || !strncmp(colon, key, n))) {
			const char *path = strncmp(line, key, n) ? colon + n : line + n;

			*len = (size_t)(end - path);
			return path;
		}
		line = *end ? end + 1 : end;
	}
	*len = 0;
	return NULL;
}

int cgroup_path_of(const char *proc_cgroup, char *out, size_t size)
{
	size_t len, v1_len;
	const char *path = line_path(proc_cgroup, "0::", &len);
	const char *v1 = line_path(proc_cgroup, ":name=systemd:", &v1_len);

	out[0] = '\0';
	if (v1 && (!path || len <= 1)) {
		path = v1;
		len = v1_len;
	}
	return path ? copy(out, size, path, len) : -ENOENT;
}

static bool is_octal(char c)
{
	return c >= '0' && c <= '7';
}

/* mountinfo writes space, tab, newline and backslash as \ooo (mangle_path). */
static int copy_unescaped(char *out, size_t size, const char *s, size_t n)
{
	size_t used = 0;

	for (size_t i = 0; i < n; i++) {
		char c = s[i];

		if (c == '\\' && i + 3 < n && is_octal(s[i + 1]) && is_octal(s[i + 2]) &&
		    is_octal(s[i + 3])) {
			c = (char)((s[i + 1] - '0') << 6 | (s[i + 2] - '0') << 3 |
				   (s[i + 3] - '0'));
			i += 3;
		}
		if (used + 1 >= size)
			return -ENAMETOOLONG;
		out[used++] = c;
	}
	out[used] = '\0';
	return 0;
}

int cgroup_mount_in(const char *mountinfo, char *out, size_t size)
{
	const char *line, *end;

	for (line = mountinfo; *line; line = *end ? end + 1 : end) {
		int root = 0, after_root = 0, dir = 0, after_dir = 0;
		const char *type;

		end = strchrnul(line, '\n');
		/* id parent major:minor root dir options [tags] - type source options */
		sscanf(line, "%*[^ \n] %*[^ \n] %*[^ \n] %n%*[^ \n]%n %n%*[^ \n]%n", &root,
		       &after_root, &dir, &after_dir);
		type = memmem(line, (size_t)(end - line), " - cgroup2 ", 11);
		if (type && after_dir && after_root - root == 1 && line[root] == '/')
			return copy_unescaped(out, size, line + dir, (size_t)(after_dir - dir));
	}
	return -ENOENT;
}

static int find_mount(char *out, size_t size)
{
	FILE *f = fopen("/proc/self/mountinfo", "re");
	char *line = NULL;
	size_t room = 0;
	int err = -ENOENT;

	if (!f)
		return -errno;
	while (err == -ENOENT && getline(&line, &room, f) > 0)
		err = cgroup_mount_in(line, out, size);
	free(line);
	fclose(f);
	return err;
}

/* A mount of our own that nobody else sees, for where there is none. */
static int mount_hierarchy(void)
{
	int context = fsopen("cgroup2", FSOPEN_CLOEXEC), mount = -1, fd = -1, err;

	if (context < 0)
		return -errno;
	if (!fsconfig(context, FSCONFIG_CMD_CREATE, NULL, NULL, 0))
		mount = fsmount(context, FSMOUNT_CLOEXEC, 0);
	/* what fsmount() gives is O_PATH, and no place to look handles up from */
	if (mount >= 0)
		fd = openat(mount, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	err = -errno;
	close(context);
	if (mount >= 0)
		close(mount);
	return fd < 0 ? err : fd;
}

/* That one, -errno or not yet there: by who may not mount any more. */
static int kept = -EPERM;

void cgroup_prepare(void)
{
	char mount[PATH_MAX];

	if (kept < 0 && find_mount(mount, sizeof(mount)))
		kept = mount_hierarchy();
}

static int open_hierarchy(void)
{
	char mount[PATH_MAX];
	int fd;

	if (find_mount(mount, sizeof(mount))) {
		fd = kept < 0 ? mount_hierarchy() : fcntl(kept, F_DUPFD_CLOEXEC, 0);
		return fd == -1 ? -errno : fd;
	}
	fd = open(mount, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

/* Opens the group itself: no search through the tree, and a group that moved is still found. */
static int open_by_id(int hierarchy, uint64_t id)
{
	union {
		struct file_handle handle;
		char room[sizeof(struct file_handle) + sizeof(uint64_t)];
	} u = { .handle = { .handle_bytes = sizeof(id), .handle_type = FILEID_KERNFS } };
	int fd;

	memcpy(u.handle.f_handle, &id, sizeof(id));
	fd = open_by_handle_at(hierarchy, &u.handle, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

static int path_of(int fd, char path[PATH_MAX])
{
	char link[40];
	ssize_t n;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	n = readlink(link, path, PATH_MAX - 1);
	path[n < 0 ? 0 : n] = '\0';
	return n < 0 ? -errno : 0;
}

/* The path of the group below that of the hierarchy, which is "/" where we have mounted it ourselves. */
static int path_below(int hierarchy, int group, char *out, size_t size)
{
	char top[PATH_MAX], path[PATH_MAX];
	size_t prefix;
	int err = path_of(hierarchy, top);

	if (!err)
		err = path_of(group, path);
	if (err)
		return err;
	prefix = strcmp(top, "/") ? strlen(top) : 0;
	if (strncmp(path, top, prefix) || (path[prefix] && path[prefix] != '/'))
		return -ENOENT;
	return path[prefix] ? copy(out, size, path + prefix, strlen(path + prefix))
			    : copy(out, size, "/", 1);
}

int cgroup_open(uint64_t id, char *path, size_t size)
{
	int hierarchy = open_hierarchy(), group, err;

	path[0] = '\0';
	if (hierarchy < 0)
		return hierarchy;
	group = open_by_id(hierarchy, id);
	err = group < 0 ? group : path_below(hierarchy, group, path, size);
	close(hierarchy);
	if (err && group >= 0)
		close(group);
	return err ? err : group;
}

int cgroup_path_by_id(uint64_t id, char *out, size_t size)
{
	int group = cgroup_open(id, out, size);

	if (group < 0)
		return group;
	close(group);
	return 0;
}
