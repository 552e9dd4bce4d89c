// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "enrich/socket_unit.h"

#include <arpa/inet.h>
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/number.h"
#include "bpf/rule.h"
#include "enrich/root.h"

enum { MAX_UNIT_FILE = 64 << 10, MAX_DROP_INS = 32, NAME = 256 };

/* systemd.unit(5), best first: a name that is found hides all that come later. */
static const char *const unit_dirs[] = {
	"/etc/systemd/system.control",	"/run/systemd/system.control",	 "/run/systemd/transient",
	"/run/systemd/generator.early", "/etc/systemd/system",		 "/run/systemd/system",
	"/run/systemd/generator",	"/usr/local/lib/systemd/system", "/usr/lib/systemd/system",
	"/lib/systemd/system",		"/run/systemd/generator.late",
};

#define N_UNIT_DIRS (sizeof(unit_dirs) / sizeof(unit_dirs[0]))

/* "8080", "127.0.0.1:8080", "[::1]:8080"; a port alone is every address. */
static bool is_address_of(char *value, const struct bt_sock *s)
{
	char *colon = strrchr(value, ':'), *ip = value;
	uint8_t addr[16] = { 0 };
	uint32_t port;
	size_t n;

	if (number_u32(colon ? colon + 1 : value, &port) || port != s->port)
		return false;
	if (!colon)
		return bt_is_any(s);
	*colon = '\0';
	n = strlen(ip);
	if (n > 1 && *ip == '[' && ip[n - 1] == ']') {
		ip[n - 1] = '\0';
		return s->family == AF_INET6 && inet_pton(AF_INET6, ip + 1, addr) == 1 &&
		       !memcmp(addr, s->addr, 16);
	}
	return s->family == AF_INET && inet_pton(AF_INET, ip, addr) == 1 &&
	       !memcmp(addr, s->addr, 16);
}

/* One line of a unit: an empty value takes back everything that was said before it. */
static void read_line(char *line, const struct bt_sock *s, bool *in_socket, bool *listens)
{
	bool udp = s->protocol == IPPROTO_UDP || s->protocol == IPPROTO_UDPLITE;
	const char *key = udp ? "ListenDatagram" : "ListenStream";
	size_t n = strlen(key);

	line += strspn(line, " \t");
	if (*line == '[')
		*in_socket = !strncmp(line, "[Socket]", 8);
	if (!*in_socket || strncmp(line, "Listen", 6))
		return;
	for (size_t end = strlen(line); end && strchr(" \t\r", line[end - 1]);)
		line[--end] = '\0';
	if (line[strcspn(line, "=")] && !line[strcspn(line, "=") + 1])
		*listens = false;
	if (strncmp(line, key, n))
		return;
	line += n;
	line += strspn(line, " \t");
	if (*line != '=')
		return;
	line++;
	line += strspn(line, " \t");
	if (is_address_of(line, s))
		*listens = true;
}

static void read_unit(const char *path, const struct bt_sock *s, bool *listens)
{
	char *text = root_read(path, MAX_UNIT_FILE), *line, *rest = NULL;
	bool in_socket = false;

	if (!text)
		return;
	for (line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest))
		read_line(line, s, &in_socket, listens);
	free(text);
}

/* Is there something of this name in a directory that comes before? */
static bool is_hidden(unsigned dir, const char *name)
{
	char path[NAME + 64], full[PATH_MAX];
	struct stat st;

	for (unsigned i = 0; i < dir; i++) {
		snprintf(path, sizeof(path), "%s/%s", unit_dirs[i], name);
		if (!root_path(path, full, sizeof(full)) && !lstat(full, &st))
			return true;
	}
	return false;
}

static bool ends_in(const char *s, const char *suffix)
{
	size_t n = strlen(s), m = strlen(suffix);

	return n > m && !strcmp(s + n - m, suffix);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(a, b);
}

/* The drop-ins of all directories together, in the order of their names. */
static void read_drop_ins(const char *unit, const struct bt_sock *s, bool *listens)
{
	char names[MAX_DROP_INS][NAME], rel[2 * NAME + 8], path[3 * NAME];
	struct dirent *entry;
	unsigned n = 0, i, d;
	DIR *dir;

	for (d = 0; d < N_UNIT_DIRS; d++) {
		snprintf(path, sizeof(path), "%s/%s.d", unit_dirs[d], unit);
		dir = root_opendir(path);
		while (dir && (entry = readdir(dir))) {
			snprintf(rel, sizeof(rel), "%s.d/%s", unit, entry->d_name);
			if (ends_in(entry->d_name, ".conf") && n < MAX_DROP_INS &&
			    !is_hidden(d, rel))
				snprintf(names[n++], NAME, "%s", entry->d_name);
		}
		if (dir)
			closedir(dir);
	}
	qsort(names, n, sizeof(names[0]), by_name);
	for (i = 0; i < n; i++)
		for (d = 0; d < N_UNIT_DIRS; d++) {
			snprintf(rel, sizeof(rel), "%s.d/%.255s", unit, names[i]);
			snprintf(path, sizeof(path), "%s/%s", unit_dirs[d], rel);
			if (!is_hidden(d, rel))
				read_unit(path, s, listens);
		}
}

/* An alias is a link to another name, a masked unit one to /dev/null; templates listen nowhere. */
static bool is_unit_file(const char *path, const char *name)
{
	char full[PATH_MAX], target[PATH_MAX], *slash;
	ssize_t n;

	if (!ends_in(name, ".socket") || ends_in(name, "@.socket") ||
	    root_path(path, full, sizeof(full)))
		return false;
	n = readlink(full, target, sizeof(target) - 1);
	if (n < 0)
		return errno == EINVAL; /* no link */
	target[n] = '\0';
	slash = strrchr(target, '/');
	return !strcmp(slash ? slash + 1 : target, name);
}

int socket_unit_find(const struct bt_sock *s, char *out, size_t size)
{
	unsigned found = 0;

	out[0] = '\0';
	for (unsigned d = 0; d < N_UNIT_DIRS; d++) {
		DIR *dir = root_opendir(unit_dirs[d]);
		struct dirent *entry;

		while (dir && (entry = readdir(dir))) {
			char path[NAME + 64];
			bool listens = false;

			snprintf(path, sizeof(path), "%s/%s", unit_dirs[d], entry->d_name);
			if (!is_unit_file(path, entry->d_name) || is_hidden(d, entry->d_name))
				continue;
			read_unit(path, s, &listens);
			read_drop_ins(entry->d_name, s, &listens);
			if (listens && strlen(entry->d_name) < size)
				strcpy(out, entry->d_name);
			found += listens;
		}
		if (dir)
			closedir(dir);
	}
	if (found == 1 && out[0])
		return 0;
	out[0] = '\0';
	return -ENOENT;
}
