// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "cmd/documents.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "cmd/commands.h"
#include "sink/document.h"

/* How every HTML report begins: such a file may be replaced. */
static const char begins[] = "<!doctype html>\n<html lang=\"en\" class=\"bindtrace-report\">";

/* Is the file there something else, a recording for instance? An empty one is nobody's. */
static bool is_other(const char *path)
{
	char head[sizeof(begins) - 1];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return errno != ENOENT;
	n = read(fd, head, sizeof(head));
	close(fd);
	return n && (n != (ssize_t)sizeof(head) || memcmp(head, begins, sizeof(head)) != 0);
}

/* A pipe, a terminal: nothing that could be replaced. */
static bool is_special(const char *path)
{
	struct stat st;

	return !strcmp(path, "-") ||
	       (!stat(path, &st) && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode));
}

int documents_check(const struct options *o)
{
	if (o->json + o->markdown + (o->html && !strcmp(o->html, "-")) > 1) {
		log_error("only one of --json, --markdown and --html - can have standard output");
		return EXIT_USAGE;
	}
	if (o->html && !is_special(o->html) && is_other(o->html)) {
		log_error("%s is there already and is no report of bindtrace, or cannot be read; "
			  "it is not overwritten: choose another name for --html",
			  o->html);
		return EXIT_USAGE;
	}
	return EXIT_OK;
}

/* The command line with its arguments separated by NUL; the caller frees it. */
static char *command_line(const struct options *o, size_t *n)
{
	char *all, *end;
	size_t room = 1;

	for (int i = 0; i < o->argc; i++)
		room += strlen(o->argv[i]) + 1;
	all = end = malloc(room);
	for (int i = 0; all && i < o->argc; i++)
		end = stpcpy(end, o->argv[i]) + 1;
	*n = end > all ? (size_t)(end - all) - 1 : 0;
	return all;
}

static int complain(const char *path, int err)
{
	log_error("cannot write the report to %s: %s", path, strerror(err < 0 ? -err : err));
	return EXIT_FAILED;
}

static int write_special(const char *path, const struct document_facts *f,
			 const struct story_book *b)
{
	int fd, err;

	if (!strcmp(path, "-"))
		fd = dup(STDOUT_FILENO);
	else
		fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return complain(path, errno);
	err = html_document(fd, f, b);
	if (close(fd) && !err)
		err = -errno;
	return err && err != -EPIPE ? complain(path, err) : EXIT_OK;
}

/* As another new file would be: mkostemp() makes it for its owner alone. */
static int usual_mode(int fd)
{
	mode_t mask = umask(0);

	umask(mask);
	return fchmod(fd, 0666 & ~mask) ? -errno : 0;
}

static int fill(int fd, const struct document_facts *f, const struct story_book *b)
{
	int err = usual_mode(fd);

	if (!err)
		err = html_document(fd, f, b);
	if (!err && fsync(fd))
		err = -errno;
	if (close(fd) && !err)
		err = -errno;
	return err;
}

static int write_file(const char *path, const struct document_facts *f, const struct story_book *b)
{
	char target[PATH_MAX], new[PATH_MAX];
	int fd, err;

	/* it is what a link leads to that is replaced, never the link: /dev/stdout is one */
	if (!realpath(path, target)) {
		if (errno != ENOENT || strlen(path) >= sizeof(target))
			return complain(path, errno);
		strcpy(target, path);
	}
	if (snprintf(new, sizeof(new), "%s.XXXXXX", target) >= (int)sizeof(new))
		return complain(path, ENAMETOOLONG);
	fd = mkostemp(new, O_CLOEXEC);
	if (fd < 0)
		return complain(path, errno);
	err = fill(fd, f, b);
	if (!err && rename(new, target))
		err = -errno;
	if (!err)
		return EXIT_OK;
	unlink(new);
	return complain(path, err);
}

int documents_write(const struct options *o, const struct story_book *b)
{
	struct document_facts f = { .version = BINDTRACE_VERSION };
	char *command = command_line(o, &f.command_len);
	int status = EXIT_OK, err;

	if (!command) {
		log_error("out of memory");
		return EXIT_FAILED;
	}
	f.command = command;
	if (o->html)
		status = is_special(o->html) ? write_special(o->html, &f, b)
					     : write_file(o->html, &f, b);
	err = o->markdown ? markdown_document(STDOUT_FILENO, &f, b) : 0;
	if (err && err != -EPIPE)
		status = complain("standard output", err);
	free(command);
	return status;
}
