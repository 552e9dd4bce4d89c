// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "record/reader.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"

enum { FIRST_SIZE = 64 << 10 };

void reader_init(struct reader *r, int fd)
{
	*r = (struct reader){ .fd = fd };
}

void reader_free(struct reader *r)
{
	free(r->buf);
	r->buf = NULL;
}

/* Room behind what is there: moved to the front, or in a buffer twice the size. */
static int make_room(struct reader *r)
{
	size_t size = r->size ? 2 * r->size : FIRST_SIZE;
	char *buf;

	if (r->begin) {
		memmove(r->buf, r->buf + r->begin, r->end - r->begin);
		r->end -= r->begin;
		r->begin = 0;
	}
	if (r->end < r->size)
		return 0;
	buf = realloc(r->buf, size);
	if (!buf)
		return -ENOMEM;
	r->buf = buf;
	r->size = size;
	return 0;
}

static int fill(struct reader *r)
{
	struct pollfd ready = { .fd = r->fd, .events = POLLIN };
	int err = make_room(r);
	ssize_t n;

	if (err)
		return err;
	if (r->never_waits && !poll(&ready, 1, 0))
		return -EAGAIN;
	do
		n = read(r->fd, r->buf + r->end, r->size - r->end);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return -errno;
	r->eof = !n;
	r->end += (size_t)n;
	if (r->on_read)
		r->on_read(r->context, (size_t)n, r->lines - r->lines_before);
	r->lines_before = r->lines;
	return 0;
}

/* Drops what is left of a line that was too long, its newline included. */
static int skip_rest(struct reader *r)
{
	char *newline = NULL;
	int err = 0;

	while (!err && !newline) {
		newline = memchr(r->buf + r->begin, '\n', r->end - r->begin);
		r->begin = newline ? (size_t)(newline - r->buf) + 1 : r->end;
		if (r->eof)
			break;
		if (!newline)
			err = fill(r);
	}
	r->skips = err != 0;
	return err;
}

/* Where the next line ends: its newline, or NULL when there is none within what may be read of it. */
static int find_end(struct reader *r, const char **newline)
{
	size_t searched = 0, have = r->end - r->begin;
	int err;

	for (;;) {
		*newline = NULL;
		if (have > searched)
			*newline = memchr(r->buf + r->begin + searched, '\n', have - searched);
		if (*newline || r->eof || have >= READER_LONGEST)
			return 0;
		searched = have;
		err = fill(r);
		if (err)
			return err;
		have = r->end - r->begin;
	}
}

int reader_next(struct reader *r, struct line *line)
{
	int err = r->skips ? skip_rest(r) : 0;
	const char *newline;

	if (!err)
		err = find_end(r, &newline);
	if (err)
		return err;
	if (r->begin == r->end)
		return 0;
	*line = (struct line){ .bytes = r->buf + r->begin, .number = ++r->lines };
	line->n = newline ? (size_t)(newline - line->bytes) + 1 : r->end - r->begin;
	line->ended = newline != NULL;
	line->too_long = r->skips = !newline && !r->eof;
	r->begin += line->n;
	return 1;
}

void reader_restart(struct reader *r)
{
	r->begin = r->end = 0;
	r->eof = r->skips = false;
}

/* What can be said of the bytes before anybody takes them for JSON. */
static enum line_fault look_at(const struct line *line)
{
	if (line->too_long)
		return LINE_TOO_LONG;
	if (!line->ended)
		return LINE_NOT_ENDED;
	if (memchr(line->bytes, '\0', line->n))
		return LINE_NUL;
	return text_is_utf8(line->bytes, line->n) ? LINE_FINE : LINE_NOT_UTF8;
}

/* A member that is a string, else ""; also for one with U+0000 in it, which is no name of anything. */
static const char *member(const struct value *o, const char *key)
{
	const struct value *value = value_member(o, key);

	if (!value || value->type != VALUE_STRING || strlen(value->text) != value->n)
		return "";
	return value->text;
}

static enum line_fault look_at_object(const struct value *o)
{
	const char *schema = member(o, "schema");

	if (strncmp(schema, "bindtrace/", 10) != 0)
		return LINE_NOT_OURS;
	if (strcmp(schema, "bindtrace/1") != 0)
		return LINE_OTHER_SCHEMA;
	return *member(o, "kind") ? LINE_FINE : LINE_NO_KIND;
}

enum line_fault line_parse(const struct line *line, struct value_tree *tree,
			   const struct value **object)
{
	enum line_fault fault = look_at(line);
	const struct value *o;

	if (fault)
		return fault;
	if (!value_reserve(tree, line->n - 1))
		return LINE_NO_MEMORY;
	o = value_parse(tree, line->bytes, line->n - 1); /* no newline */
	if (!o || o->type != VALUE_OBJECT)
		return LINE_NOT_JSON;
	fault = look_at_object(o);
	if (!fault)
		*object = o;
	return fault;
}

const char *line_fault_text(enum line_fault fault)
{
	static const char *const texts[N_LINE_FAULTS] = {
		[LINE_FINE] = "is fine",
		[LINE_NOT_ENDED] = "is cut short",
		[LINE_TOO_LONG] = "is longer than any line of bindtrace",
		[LINE_NUL] = "has a NUL byte",
		[LINE_NOT_UTF8] = "is not UTF-8",
		[LINE_NOT_JSON] = "is not a JSON object",
		[LINE_NOT_OURS] = "is not bindtrace's",
		[LINE_OTHER_SCHEMA] = "is of another schema than bindtrace/1",
		[LINE_NO_KIND] = "does not say of which kind it is",
		[LINE_NO_MEMORY] = "cannot be read: out of memory",
	};

	return texts[fault];
}
