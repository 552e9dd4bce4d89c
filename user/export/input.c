// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "base/status.h"
#include "export/input_private.h"

#define SOCKET "unix:"

int input_open(struct input **out, const char *path, const struct position *from)
{
	struct stat st;
	int fd;

	*out = NULL;
	if (!path || !strcmp(path, "-"))
		return input_stream_open(out, "standard input", STDIN_FILENO);
	if (!strncmp(path, SOCKET, strlen(SOCKET)))
		return input_socket_open(out, path, path + strlen(SOCKET));
	if (stat(path, &st) ? errno == ENOENT : S_ISREG(st.st_mode))
		return input_recording_open(out, path, from);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0)
		return input_stream_open(out, path, fd);
	log_error("cannot read %s: %s", path, strerror(errno));
	return EXIT_USAGE;
}

void input_close(struct input *in)
{
	if (in)
		in->class->close(in);
}

void input_unprivileged(const struct input *in)
{
	if (in->class->unprivileged)
		in->class->unprivileged(in);
}

int input_fd(const struct input *in)
{
	return in->class->fd(in);
}

int input_next(struct input *in, struct input_line *out)
{
	return in->class->next(in, out);
}

bool input_waits(const struct input *in)
{
	return in->class->waits(in);
}

bool input_ends(const struct input *in)
{
	return in->class->ends && in->class->ends(in);
}

bool input_position(const struct input *in, struct position *p)
{
	return in->class->position && in->class->position(in, p);
}

bool input_has_positions(const struct input *in)
{
	return in->class->position;
}

const char *input_name(const struct input *in)
{
	return in->name;
}
