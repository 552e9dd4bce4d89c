// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "export/input.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/status.h"

struct input {
	const char *name;
	int fd;
	struct reader reader;
};

int input_open(struct input **out, const char *path)
{
	struct input *in = calloc(1, sizeof(*in));

	if (!in) {
		log_error("out of memory");
		return EXIT_FAILED;
	}
	*out = in;
	in->name = path && strcmp(path, "-") ? path : "standard input";
	in->fd = path && strcmp(path, "-") ? open(path, O_RDONLY | O_CLOEXEC) : STDIN_FILENO;
	if (in->fd < 0) {
		log_error("cannot read %s: %s", path, strerror(errno));
		return EXIT_USAGE;
	}
	reader_init(&in->reader, in->fd);
	in->reader.never_waits = true;
	return EXIT_OK;
}

void input_close(struct input *in)
{
	if (!in)
		return;
	reader_free(&in->reader);
	if (in->fd > STDIN_FILENO)
		close(in->fd);
	free(in);
}

int input_fd(const struct input *in)
{
	return in->fd;
}

int input_next(struct input *in, struct line *line)
{
	int got = reader_next(&in->reader, line);

	if (got == -EAGAIN)
		return 0;
	return got ? got : -ENODATA;
}

bool input_waits(const struct input *in)
{
	(void)in;
	return false;
}

const char *input_name(const struct input *in)
{
	return in->name;
}
