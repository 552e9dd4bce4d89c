// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "marked.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const struct mark {
	const char *key;
	enum field field;
	uint64_t value; /* as marked_write() has it */
} marks[] = {
	{ "\"seq\":", SEQ, MARK_SEQ },
	{ "\"pid\":", PID, MARK_PID },
	{ "\"port\":", PORT, MARK_PORT },
	{ "\"incident\":", INCIDENT, MARK_INCIDENT },
	{ "\"count\":", COUNT, MARK_COUNT },
	{ "\"refusals\":", COUNT, MARK_COUNT },
	{ "\"adds\":", ADDS, MARK_ADDS },
	{ "\"boottime_ns\":", BOOTTIME, MARK_BOOT_NS },
	{ "\"time\":", TIME, MARK_S *SECOND },
	{ "\"first_time\":", FIRST, (MARK_S - 1) * SECOND },
	{ "\"frees_at\":", FREES, (MARK_S + TIME_WAIT_S) * SECOND },
	{ "\"after_s\":", AFTER, MARK_AFTER_NS },
};
enum { N_MARKS = sizeof(marks) / sizeof(*marks), VALUE_TEXT = 48 };

void must(int err, const char *what)
{
	if (!err)
		return;
	fprintf(stderr, "day: %s: error %d\n", what, -err);
	exit(1);
}

static size_t time_text(char out[VALUE_TEXT], uint64_t ns)
{
	time_t s = (time_t)(BEGAN_S + ns / SECOND);
	struct tm tm;
	size_t n;

	gmtime_r(&s, &tm);
	n = strftime(out, VALUE_TEXT, "\"%Y-%m-%dT%H:%M:%S", &tm);
	return n + (size_t)snprintf(out + n, VALUE_TEXT - n, ".%09" PRIu64 "Z\"", (uint64_t)(ns % SECOND));
}

/* As the sink writes a value of the field; how long it is. */
static size_t value_text(char out[VALUE_TEXT], enum field field, uint64_t value)
{
	switch (field) {
	case END:
		return 0;
	case TIME:
	case FIRST:
	case FREES:
		return time_text(out, value);
	case AFTER:
		return (size_t)snprintf(out, VALUE_TEXT, "%.10g", (double)value / 1e9);
	default:
		return (size_t)snprintf(out, VALUE_TEXT, "%" PRIu64, value);
	}
}

/* The first mark from here on: its value is at *at and has *n bytes. NULL: there is none. */
static const struct mark *next_mark(const char *from, const char **at, size_t *n)
{
	const struct mark *found = NULL;
	char text[VALUE_TEXT], whole[2 * VALUE_TEXT];
	const char *here;

	for (unsigned i = 0; i < N_MARKS; i++) {
		value_text(text, marks[i].field, marks[i].value);
		snprintf(whole, sizeof(whole), "%s%s", marks[i].key, text);
		here = strstr(from, whole);
		if (!here || (found && here + strlen(marks[i].key) > *at))
			continue;
		found = &marks[i];
		*at = here + strlen(found->key);
		*n = strlen(text);
	}
	return found;
}

void marked_take(struct marked *line, int file)
{
	off_t length = lseek(file, 0, SEEK_CUR);
	const struct mark *mark;
	const char *from, *at;
	size_t n = 0;

	line->bytes = calloc(1, (size_t)length + 1);
	must(pread(file, line->bytes, (size_t)length, 0) == length ? 0 : -EIO, "pread");
	must(ftruncate(file, 0) || lseek(file, 0, SEEK_SET) ? -errno : 0, "ftruncate");
	for (from = line->bytes; line->n < MOST_PIECES; from = at + n) {
		mark = next_mark(from, &at, &n);
		if (!mark)
			at = from + strlen(from);
		line->pieces[line->n].text = from;
		line->pieces[line->n].n = (size_t)(at - from);
		line->pieces[line->n++].then = mark ? mark->field : END;
		if (!mark)
			return;
	}
	must(-E2BIG, "marks");
}

void marked_write(const struct marked *line, const uint64_t values[N_FIELDS])
{
	char text[VALUE_TEXT];
	size_t n;

	for (unsigned i = 0; i < line->n; i++) {
		fwrite(line->pieces[i].text, 1, line->pieces[i].n, stdout);
		n = value_text(text, line->pieces[i].then, values[line->pieces[i].then]);
		fwrite(text, 1, n, stdout);
	}
}
