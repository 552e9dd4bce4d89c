// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "enrich/program.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "enrich/proc.h"

enum { MAX_CMDLINE = 8192 };

/* A command line, all of it: NUL-separated arguments. */
struct arguments {
	char bytes[MAX_CMDLINE];
	const char *rest; /* behind the first argument */
	size_t n_rest;
};

/* The same file behind a link of /proc; the file's server is not asked, it may be anybody's. */
static bool same_file(int dir_a, int dir_b, const char *name)
{
	const int flags = AT_STATX_DONT_SYNC;
	struct statx a, b;

	return !statx(dir_a, name, flags, STATX_INO, &a) &&
	       !statx(dir_b, name, flags, STATX_INO, &b) && a.stx_ino == b.stx_ino &&
	       a.stx_dev_major == b.stx_dev_major && a.stx_dev_minor == b.stx_dev_minor;
}

/* false: none (a kernel thread), or too long to compare */
static bool read_arguments(int dir, struct arguments *a)
{
	ssize_t n = proc_read(dir, "cmdline", a->bytes, sizeof(a->bytes));
	size_t first;

	if (n <= 0 || n >= MAX_CMDLINE - 1)
		return false;
	first = strnlen(a->bytes, (size_t)n);
	a->rest = a->bytes + (first < (size_t)n ? first + 1 : first);
	a->n_rest = (size_t)(a->bytes + n - a->rest);
	return true;
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* Programs for which the arguments are the program: a relative path in them depends on where they run. */
static bool is_interpreter(int dir)
{
	static const char *const names[] = { "python", "node", "ruby", "perl", "php",
					     "java",   "bash", "dash", "sh",   "zsh",
					     "lua",    "deno", "bun" };
	char exe[256];
	ssize_t n = readlinkat(dir, "exe", exe, sizeof(exe) - 1);

	if (n <= 0)
		return true;
	exe[n] = '\0';
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (!strncmp(base_name(exe), names[i], strlen(names[i])))
			return true;
	return false;
}

static bool same_view(int dir_a, int dir_b)
{
	return same_file(dir_a, dir_b, "root") && same_file(dir_a, dir_b, "ns/mnt");
}

/* Where a script is, by name; a relative one is found from where its process runs. */
static bool script_path(int dir, const char *script, char path[PATH_MAX])
{
	ssize_t n = 0;

	if (script[0] != '/') {
		n = readlinkat(dir, "cwd", path, PATH_MAX - 1);
		if (n <= 0)
			return false;
		if (path[n - 1] != '/')
			path[n++] = '/';
		while (!strncmp(script, "./", 2))
			script += 2;
	}
	return snprintf(path + n, (size_t)(PATH_MAX - n), "%s", script) < PATH_MAX - n;
}

/*
 * The first argument, of both, is the same script. A program that starts itself again, as Flask's
 * reloader does, may write the whole path where a person wrote the name.
 */
static bool same_script(int dir_a, int dir_b, const struct arguments *a, const struct arguments *b)
{
	char path_a[PATH_MAX], path_b[PATH_MAX];

	if (!a->n_rest || !b->n_rest || a->rest[0] == '-' || b->rest[0] == '-' || !a->rest[0] ||
	    !b->rest[0])
		return false;
	if (a->rest[0] != '/' && !strcmp(a->rest, b->rest))
		return same_file(dir_a, dir_b, "cwd");
	return script_path(dir_a, a->rest, path_a) && script_path(dir_b, b->rest, path_b) &&
	       !strcmp(path_a, path_b);
}

bool program_same(int dir_a, int dir_b)
{
	struct arguments a, b;
	bool equal;

	if (!same_file(dir_a, dir_b, "exe") || !read_arguments(dir_a, &a) ||
	    !read_arguments(dir_b, &b))
		return false;
	equal = a.n_rest == b.n_rest && !memcmp(a.rest, b.rest, a.n_rest);
	/* one file may be many programs, by the name it is called */
	if (!is_interpreter(dir_a))
		return equal && !strcmp(base_name(a.bytes), base_name(b.bytes));
	return same_view(dir_a, dir_b) &&
	       ((equal && same_file(dir_a, dir_b, "cwd")) || same_script(dir_a, dir_b, &a, &b));
}
