/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The tracer prints text beside its lines of JSON. What `bindtrace report` makes of the lines must begin with that
 * text, byte for byte: whatever text says has to be in the lines, for every case there is.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "driver.h"

static int live = -1, lines = -1;
static int seen = -1; /* for tests/install/schema.py, which holds them against the schema */

static int in_memory(const char *name)
{
	int fd = memfd_create(name, MFD_CLOEXEC);

	if (fd < 0)
		die("memfd_create failed: %s", strerror(errno));
	return fd;
}

int keep_text(void)
{
	live = in_memory("live");
	return live;
}

void keep_line(const char *line)
{
	const char *name = getenv("BINDTRACE_SEEN");
	/* at once: others append, too */
	struct iovec whole[] = { { (char *)line, strlen(line) }, { "\n", 1 } };

	if (lines < 0)
		lines = in_memory("lines");
	if (seen < 0 && name)
		seen = open(name, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
	if (dprintf(lines, "%s\n", line) < 0 || (seen >= 0 && writev(seen, whole, 2) < 0))
		die("a line cannot be kept: %s", strerror(errno));
}

/* What was written to the file; ends in a NUL. */
static char *text_of(int fd)
{
	off_t size = lseek(fd, 0, SEEK_END);
	char *text = size < 0 ? NULL : malloc((size_t)size + 1);

	if (!text || pread(fd, text, (size_t)size, 0) != size)
		die("what was kept cannot be read");
	text[size] = '\0';
	return text;
}

static int report(int to)
{
	pid_t pid = fork();
	int status;

	if (pid < 0)
		die("fork failed: %s", strerror(errno));
	if (pid == 0) {
		lseek(lines, 0, SEEK_SET);
		dup2(lines, STDIN_FILENO);
		dup2(to, STDOUT_FILENO);
		execl(options.tracer, options.tracer, "report", "-v", "-", (char *)NULL);
		_exit(127);
	}
	if (waitpid(pid, &status, 0) != pid)
		die("waitpid failed: %s", strerror(errno));
	return status;
}

/* Where two texts part: the line, and the last one before it that begins a refusal. */
static void show_difference(const char *text, const char *later)
{
	size_t same = 0, begin, title;

	while (text[same] && text[same] == later[same])
		same++;
	for (begin = same; begin && text[begin - 1] != '\n'; begin--)
		;
	for (title = begin; title && !(text[title - 1] == '\n' && text[title] != ' '); title--)
		;
	printf("  in       %.*s\n  live     %.*s\n  replayed %.*s\n",
	       (int)strcspn(text + title, "\n"), text + title, (int)strcspn(text + begin, "\n"),
	       text + begin, (int)strcspn(later + begin, "\n"), later + begin);
}

void check_replay(void)
{
	int to = in_memory("replayed"), status = report(to);
	char *text = text_of(live), *later = text_of(to);

	if (!status && strstr(text, " refused: ") && !strncmp(text, later, strlen(text))) {
		printf("ok replay\n");
		passed++;
	} else {
		printf("FAIL replay: the report of the lines is not what was printed live (status "
		       "%d)\n",
		       status);
		show_difference(text, later);
		failed++;
	}
	free(text);
	free(later);
}
