// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "enrich/root.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pwd.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { JSON_DEPTH = 32 };

static char root[256];

void root_set(const char *dir)
{
	snprintf(root, sizeof(root), "%s", dir);
}

int root_path(const char *path, char *out, size_t size)
{
	int n = snprintf(out, size, "%s%s", root, path);

	return n < 0 || (size_t)n >= size ? -ENAMETOOLONG : 0;
}

DIR *root_opendir(const char *path)
{
	char full[PATH_MAX];

	return root_path(path, full, sizeof(full)) ? NULL : opendir(full);
}

char *root_read(const char *path, size_t max)
{
	char full[PATH_MAX], *text = NULL;
	struct stat st;
	size_t len = 0;
	ssize_t n = 1;
	int fd;

	if (root_path(path, full, sizeof(full)))
		return NULL;
	fd = open(full, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd < 0)
		return NULL;
	if (!fstat(fd, &st) && S_ISREG(st.st_mode) && (size_t)st.st_size <= max)
		text = malloc((size_t)st.st_size + 1);
	while (text && n > 0 && len < (size_t)st.st_size) {
		n = read(fd, text + len, (size_t)st.st_size - len);
		len += n > 0 ? (size_t)n : 0;
	}
	close(fd);
	if (text)
		text[len] = '\0';
	return text;
}

struct json_object *root_json(const char *path, size_t max)
{
	struct json_tokener *tok = json_tokener_new_ex(JSON_DEPTH);
	char *text = root_read(path, max);
	struct json_object *o = NULL;

	if (text && tok && max < INT_MAX)
		o = json_tokener_parse_ex(tok, text, (int)strlen(text) + 1);
	if (tok)
		json_tokener_free(tok);
	free(text);
	return o;
}

struct json_object *json_at(struct json_object *o, ...)
{
	const char *key;
	va_list keys;

	va_start(keys, o);
	while (o && (key = va_arg(keys, const char *)))
		if (!json_object_is_type(o, json_type_object) ||
		    !json_object_object_get_ex(o, key, &o))
			o = NULL;
	va_end(keys);
	return o;
}

void json_copy(struct json_object *text, char *out, size_t size)
{
	const char *s;

	out[0] = '\0';
	if (!json_object_is_type(text, json_type_string))
		return;
	s = json_object_get_string(text);
	if (strlen(s) < size && strlen(s) == (size_t)json_object_get_string_len(text))
		strcpy(out, s);
}

int root_home(uint32_t uid, char *out, size_t size)
{
	struct passwd pw, *found = NULL;
	char buf[4096];

	if (getpwuid_r(uid, &pw, buf, sizeof(buf), &found) || !found || pw.pw_dir[0] != '/' ||
	    strlen(pw.pw_dir) >= size)
		return -ENOENT;
	strcpy(out, pw.pw_dir);
	return 0;
}
