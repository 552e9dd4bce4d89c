// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "cmd/streams.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"

/* Somebody's gigabyte of something else should not become as many messages. */
enum { MOST_MESSAGES = 10 };

#define SECOND 1000000000ull

const char *stream_name(const struct stream *s)
{
	return strcmp(s->path, "-") ? s->path : "standard input";
}

/*
 * Where a file stands in its recording. Whose last chain value its "previous" is, the other file's end would say; its
 * number and host have to do.
 */
static void look_at_header(struct stream *s, const struct stream *before)
{
	const struct value *number = value_member(s->object, "file_number");

	if (!s->object || strcmp(s->about.kind, "header") != 0)
		return;
	if (number && number->type == VALUE_COUNT)
		s->file_number = number->count;
	s->follows = before && before->file_number && s->file_number == before->file_number + 1 &&
		     value_member(s->object, "previous") &&
		     !strcmp(before->about.host, s->about.host);
}

int stream_open(struct stream *s, const char *path, const struct stream *before, struct progress *p)
{
	*s = (struct stream){ .path = path, .fd = STDIN_FILENO };
	if (strcmp(path, "-"))
		s->fd = open(path, O_RDONLY | O_CLOEXEC);
	if (s->fd < 0) {
		log_error("cannot read %s: %s", path, strerror(errno));
		return -errno;
	}
	reader_init(&s->reader, s->fd);
	s->reader.on_read = progress_on_read;
	s->reader.context = p;
	progress_add(p, stream_name(s), s->fd);
	stream_next(s);
	look_at_header(s, before);
	return s->failed ? -EIO : 0;
}

static void skip(struct stream *s, const char *why, const char *key)
{
	if (++s->unusable <= MOST_MESSAGES)
		log_warning("%s: line %" PRIu64 " %s%s; it is skipped", stream_name(s),
			    s->line.number, why, key);
	if (s->unusable == MOST_MESSAGES)
		log_warning("%s: more such lines are only counted", stream_name(s));
}

void stream_complain(struct stream *s, const char *wrong)
{
	skip(s, "has no usable value of ", wrong);
}

/*
 * Says when the wall clock was set: by more than a second, and than it can have been slewed meanwhile (the kernel
 * does so by 0.05 %, adjtimex() by 10 % at most). Spans are of the clock since boot, and hold.
 */
static void look_at_clock(struct stream *s)
{
	/* of two times that a line is free to choose: what is over 63 bits wraps around */
	uint64_t offset_ns = s->about.realtime_ns - s->about.boottime_ns;
	uint64_t since_ns = s->about.boottime_ns - s->boottime_ns,
		 step_ns = offset_ns - s->offset_ns;
	bool back = step_ns >> 63;
	char span[32];
	struct text t;

	if (!s->about.realtime_ns || !s->about.boottime_ns)
		return;
	if (back)
		step_ns = -step_ns;
	if (s->boottime_ns && s->about.boottime_ns >= s->boottime_ns &&
	    step_ns > SECOND + since_ns / 10) {
		text_init(&t, span, sizeof(span));
		clock_add_span(&t, step_ns);
		log_warning("%s: before line %" PRIu64
			    " the clock was set %s by %s; times are told "
			    "as it showed them",
			    stream_name(s), s->line.number, back ? "back" : "forward", span);
	}
	s->offset_ns = offset_ns;
	s->boottime_ns = s->about.boottime_ns;
}

/* Takes what was read for a line of a stream. */
static bool usable(struct stream *s)
{
	enum line_fault fault = line_parse(&s->line, &s->tree, &s->object);
	const char *wrong;

	/* the first line of a recording says what all of it is */
	if (fault == LINE_OTHER_SCHEMA && s->line.number == 1) {
		log_error("%s is of another schema than bindtrace/1, the one this bindtrace reads; "
			  "use the bindtrace that made it, or a newer one",
			  stream_name(s));
		s->failed = true;
		return false;
	}
	if (fault == LINE_NOT_ENDED) {
		log_warning("%s: line %" PRIu64 " is cut short: the file ends in it",
			    stream_name(s), s->line.number);
		return false;
	}
	if (fault == LINE_NO_MEMORY) {
		log_error("cannot read %s: out of memory", stream_name(s));
		s->failed = true;
		return false;
	}
	if (fault) {
		skip(s, line_fault_text(fault), "");
		return false;
	}
	if (!replay_line(&s->about, s->object, &wrong)) {
		look_at_clock(s);
		return true;
	}
	stream_complain(s, wrong);
	s->object = NULL;
	return false;
}

void stream_next(struct stream *s)
{
	int got;

	s->object = NULL;
	while ((got = reader_next(&s->reader, &s->line)) > 0) {
		if (!usable(s)) {
			if (s->failed)
				return;
			continue;
		}
		s->any = true;
		if (s->about.realtime_ns > s->order_ns)
			s->order_ns = s->about.realtime_ns;
		s->footer = !strcmp(s->about.kind, "footer");
		return;
	}
	s->failed = got < 0 || (s->unusable && !s->any);
	if (got < 0)
		log_error("cannot read %s: %s", stream_name(s), strerror(-got));
	else if (s->failed)
		log_error("%s is no recording of bindtrace: none of its lines can be used",
			  stream_name(s));
	else if (!s->footer)
		log_warning("%s has no end: it is cut short, or still being written",
			    stream_name(s));
}

struct stream *streams_first(struct stream *streams, unsigned n)
{
	struct stream *first = NULL;

	for (unsigned i = 0; i < n; i++) {
		struct stream *s = &streams[i];

		if (!s->object || (s->follows && s[-1].object))
			continue;
		if (!first || s->order_ns < first->order_ns)
			first = s;
	}
	return first;
}

void stream_close(struct stream *s)
{
	value_free(&s->tree);
	reader_free(&s->reader);
	if (s->fd > STDIN_FILENO)
		close(s->fd);
}
