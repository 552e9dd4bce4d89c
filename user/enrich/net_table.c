// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "enrich/net_table.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "enrich/process.h"

enum { MAX_TABLE = 64 << 20 };

/* The whole table, NUL-terminated; the caller frees it. NULL when it could not be read. */
static char *read_table(int dir, const char *path)
{
	int fd = openat(dir, path, O_RDONLY | O_CLOEXEC);
	size_t size = 0, room = 0;
	char *text = NULL, *bigger;
	ssize_t n = -1;

	while (fd >= 0) {
		if (size + 4096 >= room) {
			room = room ? 2 * room : 1 << 16;
			bigger = room > MAX_TABLE ? NULL : realloc(text, room);
			if (!bigger)
				break;
			text = bigger;
		}
		n = read(fd, text + size, room - size - 1);
		if (n <= 0)
			break;
		size += (size_t)n;
	}
	if (fd >= 0)
		close(fd);
	if (n) {
		free(text);
		return NULL;
	}
	text[size] = '\0';
	return text;
}

char *net_table_read(const struct bt_record *r, const char *name)
{
	char path[64], *table;
	struct stat own;
	int process;

	if (!stat("/proc/self/ns/net", &own) && own.st_ino == r->task.netns) {
		snprintf(path, sizeof(path), "/proc/self/net/%s", name);
		return read_table(AT_FDCWD, path);
	}
	process = process_open(r->task.pid, r->task.start_ns);
	if (process < 0)
		return NULL;
	snprintf(path, sizeof(path), "net/%s", name);
	table = read_table(process, path);
	close(process);
	return table;
}
