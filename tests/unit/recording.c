// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "recording.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "fixture.h"

static int say(const struct recording *r, const char *kind, const char *rest)
{
	return dprintf(recorder_fd(r->recorder),
		       "{\"schema\":\"bindtrace/"
		       "1\",\"kind\":\"%s\",\"seq\":777,\"host\":\"h\"%s}\n",
		       kind, rest) < 0;
}

static int header(void *context)
{
	return say(context, "header", "");
}

static int continued(void *context)
{
	return say(context, "footer", ",\"continued\":true");
}

static int lost(void *context, uint64_t refusals, uint64_t lines)
{
	char rest[80];

	snprintf(rest, sizeof(rest), ",\"count\":%" PRIu64 ",\"lines\":%" PRIu64, refusals, lines);
	return say(context, "lost", rest);
}

void recording_prepare(struct recording *r)
{
	*r = (struct recording){ .folder = "/tmp/bindtrace-unit-XXXXXX" };
	assert_int_equal(seal_init(), 0);
	assert_non_null(mkdtemp(r->folder));
	snprintf(r->path, sizeof(r->path), "%s/r", r->folder);
	r->options.path = r->path;
}

void recording_begin(struct recording *r)
{
	struct recorder_lines lines = { r, header, continued, lost };
	bool moved;

	assert_int_equal(recorder_open(&r->recorder, &r->options, &lines, &moved), 0);
	assert_int_equal(header(r), 0);
	assert_int_equal(recorder_take(r->recorder, 0), 0);
}

void recording_event(struct recording *r, size_t size)
{
	char *rest = malloc(size + 64);
	size_t n = (size_t)sprintf(rest, ",\"event\":%" PRIu64 ",\"fill\":\"", r->events++);

	memset(rest + n, 'x', size);
	strcpy(rest + n + size, "\"");
	assert_int_equal(say(r, "failure", rest), 0);
	free(rest);
	assert_int_equal(recorder_take(r->recorder, 1), 0);
}

void recording_footer(struct recording *r)
{
	assert_int_equal(say(r, "footer", ""), 0);
	assert_int_equal(recorder_take(r->recorder, 0), 0);
}

void recording_end(struct recording *r)
{
	assert_int_equal(recorder_close(r->recorder), 0);
	r->recorder = NULL;
}

void recording_remove(struct recording *r)
{
	char command[64];

	snprintf(command, sizeof(command), "rm -r %s", r->folder);
	assert_int_equal(system(command), 0);
}

void verify_fd(int fd, struct verified *out)
{
	struct reader reader;

	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	reader_init(&reader, fd);
	assert_int_equal(verify_file(&reader, out), 0);
	reader_free(&reader);
}

void recording_verify(const struct recording *r, const char *suffix, struct verified *out)
{
	char path[80];
	int fd;

	snprintf(path, sizeof(path), "%s%s", r->path, suffix);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	verify_fd(fd, out);
	close(fd);
}

uint64_t recording_size(const struct recording *r, const char *suffix)
{
	char path[80];
	struct stat st;

	snprintf(path, sizeof(path), "%s%s", r->path, suffix);
	return stat(path, &st) ? 0 : (uint64_t)st.st_size;
}
