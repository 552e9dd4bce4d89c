// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* What is read from one descriptor until it ends: a pipe, a socket, a file that somebody has redirected. */
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "base/status.h"
#include "export/input_private.h"

struct stream_input {
	struct input input;
	int fd;
	bool file; /* it is all there, and epoll takes none */
	struct reader reader;
	struct export_stream stream;
};

static const struct stream_input *stream_of(const struct input *in)
{
	return (const struct stream_input *)in;
}

static int stream_fd(const struct input *in)
{
	return stream_of(in)->file ? -1 : stream_of(in)->fd;
}

static int stream_next(struct input *in, struct input_line *out)
{
	struct stream_input *s = (struct stream_input *)in;
	int got = reader_next(&s->reader, &out->line);

	out->stream = &s->stream;
	out->before = false;
	if (got == -EAGAIN)
		return 0;
	return got ? got : -ENODATA;
}

static bool stream_waits(const struct input *in)
{
	return stream_of(in)->file;
}

/* A terminal goes on. */
static bool stream_ends(const struct input *in)
{
	return !isatty(stream_of(in)->fd);
}

static void stream_close(struct input *in)
{
	struct stream_input *s = (struct stream_input *)in;

	reader_free(&s->reader);
	if (s->fd != STDIN_FILENO)
		close(s->fd);
	free(s);
}

static const struct input_class stream_class = {
	.fd = stream_fd,
	.next = stream_next,
	.waits = stream_waits,
	.ends = stream_ends,
	.close = stream_close,
};

int input_stream_open(struct input **out, const char *name, int fd)
{
	struct stream_input *s = calloc(1, sizeof(*s));
	struct stat st;

	if (!s) {
		log_error("out of memory");
		return EXIT_FAILED;
	}
	*out = &s->input;
	s->input = (struct input){ &stream_class, name };
	s->fd = fd;
	s->file = !fstat(fd, &st) && (S_ISREG(st.st_mode) || S_ISDIR(st.st_mode));
	reader_init(&s->reader, fd);
	s->reader.never_waits = !s->file;
	return EXIT_OK;
}
