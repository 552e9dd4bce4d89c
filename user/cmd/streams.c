// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "cmd/streams.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <json-c/json.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"

/* Somebody's gigabyte of something else should not become as many messages. */
enum { MOST_MESSAGES = 10 };

static const char *name_of(const struct stream *s)
{
	return strcmp(s->path, "-") ? s->path : "standard input";
}

int stream_open(struct stream *s, const char *path)
{
	*s = (struct stream){ .path = path, .fd = STDIN_FILENO };
	if (strcmp(path, "-"))
		s->fd = open(path, O_RDONLY | O_CLOEXEC);
	if (s->fd < 0) {
		log_error("cannot read %s: %s", path, strerror(errno));
		return -errno;
	}
	reader_init(&s->reader, s->fd);
	stream_next(s);
	return s->failed ? -EIO : 0;
}

static void skip(struct stream *s, const char *why, const char *key)
{
	if (++s->unusable <= MOST_MESSAGES)
		log_warning("%s: line %" PRIu64 " %s%s; it is skipped", name_of(s), s->line.number,
			    why, key);
	if (s->unusable == MOST_MESSAGES)
		log_warning("%s: more such lines are only counted", name_of(s));
}

void stream_complain(struct stream *s, const char *wrong)
{
	skip(s, "has no usable value of ", wrong);
}

/* Takes what was read for a line of a stream. */
static bool usable(struct stream *s)
{
	enum line_fault fault = line_parse(&s->line, &s->object);
	const char *wrong;

	if (fault == LINE_NOT_ENDED) {
		log_warning("%s: line %" PRIu64 " is cut short: the file ends in it", name_of(s),
			    s->line.number);
		return false;
	}
	if (fault) {
		skip(s, line_fault_text(fault), "");
		return false;
	}
	if (!replay_line(&s->about, s->object, &wrong))
		return true;
	stream_complain(s, wrong);
	json_object_put(s->object);
	s->object = NULL;
	return false;
}

void stream_next(struct stream *s)
{
	int got;

	json_object_put(s->object);
	s->object = NULL;
	while ((got = reader_next(&s->reader, &s->line)) > 0) {
		if (!usable(s))
			continue;
		if (s->about.realtime_ns > s->order_ns)
			s->order_ns = s->about.realtime_ns;
		s->footer = !strcmp(s->about.kind, "footer");
		return;
	}
	s->failed = got < 0;
	if (s->failed)
		log_error("cannot read %s: %s", name_of(s), strerror(-got));
	else if (!s->footer)
		log_warning("%s has no end: it is cut short, or still being written", name_of(s));
}

struct stream *streams_first(struct stream *streams, unsigned n)
{
	struct stream *first = NULL;

	for (unsigned i = 0; i < n; i++)
		if (streams[i].object && (!first || streams[i].order_ns < first->order_ns))
			first = &streams[i];
	return first;
}

void stream_close(struct stream *s)
{
	json_object_put(s->object);
	reader_free(&s->reader);
	if (s->fd > STDIN_FILENO)
		close(s->fd);
}
