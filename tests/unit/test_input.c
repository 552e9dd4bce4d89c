// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Recordings that grow and are followed by others, and tracers that connect: every line comes once and in order, also
 * to who was away meanwhile. Lines are "a1", "a2", ...: the file they were written into and their number in it.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/status.h"
#include "export/input.h"
#include "fixture.h"
#include "scratch.h"

static struct input *open_at(const char *path, const struct position *from)
{
	struct input *in = NULL;

	assert_int_equal(input_open(&in, path, from), EXIT_OK);
	return in;
}

/* What there is to read now: "a1 a2 ", those that were delivered before in brackets. Valid until the next call. */
static const char *read_all(struct input *in)
{
	static char all[4096];
	struct input_line l;
	size_t n = 0;
	int got;

	all[0] = '\0';
	while ((got = input_next(in, &l)) == 1)
		n += (size_t)snprintf(all + n, sizeof(all) - n, l.before ? "(%.*s) " : "%.*s ",
				      (int)(l.line.n - l.line.ended), l.line.bytes);
	assert_true(got == 0 || got == -ENODATA);
	return all;
}

static void reads(struct input *in, const char *wanted)
{
	assert_string_equal(read_all(in), wanted);
}

static struct position place(const struct input *in)
{
	struct position p;

	assert_true(input_position(in, &p));
	return p;
}

static void grows(void **state)
{
	struct input *in = open_at("r", NULL);
	struct position p;

	(void)state;
	reads(in, "");
	assert_false(input_position(in, &p));
	scratch_append("r", "a1\na");
	reads(in, "a1 ");
	assert_int_equal(place(in).offset, 3);
	reads(in, "");
	scratch_append("r", "2\n");
	scratch_append("r", "a3\n");
	reads(in, "a2 a3 ");
	assert_true(input_waits(in));
	input_close(in);
}

/* As record does it: the file gets a number when it is full, and another one takes its place. */
static void rename_and_begin(const char *number, const char *content)
{
	assert_int_equal(rename("r", number), 0);
	scratch_append("r", "%s", content);
}

static void numbered_files(void **state)
{
	struct input *in;

	(void)state;
	scratch_append("r.000001", "of an earlier run\n");
	scratch_append("r", "a1\n");
	in = open_at("r", NULL);
	reads(in, "a1 ");
	scratch_append("r", "a2\n");
	rename_and_begin("r.000002", "b1\n");
	reads(in, "a2 b1 ");
	/* three at once */
	scratch_append("r", "b2\n");
	rename_and_begin("r.000003", "c1\n");
	rename_and_begin("r.000004", "d1\n");
	rename_and_begin("r.000005", "e1\n");
	reads(in, "b2 c1 d1 e1 ");
	/* one that has its number and no successor yet is still the last one */
	assert_int_equal(rename("r", "r.000006"), 0);
	reads(in, "");
	scratch_append("r", "f1\n");
	reads(in, "f1 ");
	input_close(in);
}

/* Under a million files each number has a digit more, and they are in order of the number, not of the name. */
static void many_digits(void **state)
{
	struct input *in;

	(void)state;
	scratch_append("r", "a1\n");
	in = open_at("r", NULL);
	rename_and_begin("r.999999", "b1\n");
	rename_and_begin("r.1000000", "c1\n");
	reads(in, "a1 b1 c1 ");
	input_close(in);
}

/* logrotate: somebody moves the file, and SIGHUP begins another one at its place. */
static void moved_by_others(void **state)
{
	struct input *in;

	(void)state;
	scratch_append("r", "a1\n");
	in = open_at("r", NULL);
	reads(in, "a1 ");
	assert_int_equal(rename("r", "r.1"), 0);
	scratch_append("r.1", "a2\n");
	reads(in, "a2 ");
	scratch_append("r.1", "a3\n");
	scratch_append("r", "b1\n");
	reads(in, "a3 b1 ");
	/* removed: what is open can be read to its end */
	scratch_append("r", "b2\n");
	assert_int_equal(unlink("r"), 0);
	scratch_append("r", "c1\n");
	reads(in, "b2 c1 ");
	input_close(in);
}

/* Who was away while the files got numbers goes on in the one it was in. */
static void restarted(void **state)
{
	struct input *in;
	struct position p;

	(void)state;
	scratch_append("r", "a1\na2\n");
	in = open_at("r", NULL);
	reads(in, "a1 a2 ");
	p = place(in);
	input_close(in);
	in = open_at("r", &p);
	reads(in, "(a1) (a2) ");
	scratch_append("r", "a3\n");
	reads(in, "a3 ");
	input_close(in);
	rename_and_begin("r.000001", "b1\n");
	rename_and_begin("r.000002", "c1\nc");
	in = open_at("r", &p);
	reads(in, "(a1) (a2) a3 b1 c1 ");
	p = place(in);
	input_close(in);
	scratch_append("r", "2\n");
	in = open_at("r", &p);
	reads(in, "(c1) c2 ");
	input_close(in);
}

static void restarted_after_a_move(void **state)
{
	struct input *in;
	struct position p;

	(void)state;
	scratch_append("r.000001", "x\n");
	scratch_append("r", "a1\na2\n");
	in = open_at("r", NULL);
	reads(in, "a1 a2 ");
	p = place(in);
	input_close(in);
	/* under a name that says nothing, and after it one with a number */
	assert_int_equal(rename("r", "r-20261123"), 0);
	scratch_append("r-20261123", "a3\n");
	scratch_append("r.000002", "b1\n");
	scratch_append("r", "c1\n");
	in = open_at("r", &p);
	reads(in, "(a1) (a2) a3 b1 c1 ");
	input_close(in);
	/* it has gone: what came after it is told */
	assert_int_equal(unlink("r-20261123"), 0);
	in = open_at("r", &p);
	reads(in, "b1 c1 ");
	input_close(in);
}

/* What stands far before the place is not read again; the header is. */
static void recalls_a_bounded_part(void **state)
{
	enum { LINES = 5, SIZE = 3 << 20 };
	struct input_line l;
	struct input *in;
	struct position p;
	char *fill = malloc(SIZE);
	int before = 0;

	(void)state;
	memset(fill, 'x', SIZE);
	scratch_append("r", "header\n");
	for (int i = 0; i < LINES; i++)
		scratch_append("r", "%d%.*s\n", i, SIZE, fill);
	free(fill);
	in = open_at("r", NULL);
	while (input_next(in, &l) == 1)
		;
	p = place(in);
	input_close(in);
	scratch_append("r", "new\n");
	in = open_at("r", &p);
	assert_int_equal(input_next(in, &l), 1);
	assert_memory_equal(l.line.bytes, "header\n", l.line.n);
	while (input_next(in, &l) == 1 && l.before) {
		assert_int_equal(l.line.bytes[0], '3' + before);
		before++;
	}
	assert_int_equal(before, 2);
	assert_memory_equal(l.line.bytes, "new\n", l.line.n);
	input_close(in);
}

/* record takes back what a full disk has cut short: the line that then stands there is whole. */
static void a_torn_line_is_taken_back(void **state)
{
	struct input *in;

	(void)state;
	scratch_append("r", "a1\nto be taken ba");
	in = open_at("r", NULL);
	reads(in, "a1 ");
	assert_int_equal(truncate("r", 3), 0);
	scratch_append("r", "a2\n");
	reads(in, "a2 ");
	input_close(in);
}

static void emptied(void **state)
{
	struct input *in;
	struct position p;

	(void)state;
	scratch_append("r", "a1\na2\n");
	in = open_at("r", NULL);
	reads(in, "a1 a2 ");
	assert_int_equal(truncate("r", 0), 0);
	reads(in, "");
	scratch_append("r", "b1\n");
	reads(in, "b1 ");
	/* a power cut took its end, of which the position knew */
	scratch_append("r", "b2\n");
	reads(in, "b2 ");
	p = place(in);
	input_close(in);
	assert_int_equal(truncate("r", 3), 0);
	in = open_at("r", &p);
	reads(in, "(b1) ");
	scratch_append("r", "b3\n");
	reads(in, "b3 ");
	input_close(in);
}

/* A line longer than any is told once, and the place is behind it. */
static void too_long(void **state)
{
	struct input_line l;
	struct input *in;
	struct position p;
	char *fill = malloc(READER_LONGEST + 100);

	(void)state;
	memset(fill, 'x', READER_LONGEST + 100);
	scratch_append("r", "header\n%.*s\na2\n", READER_LONGEST + 100, fill);
	free(fill);
	in = open_at("r", NULL);
	assert_int_equal(input_next(in, &l), 1);
	assert_int_equal(input_next(in, &l), 1);
	assert_true(l.line.too_long);
	assert_false(input_position(in, &p));
	reads(in, "a2 ");
	p = place(in);
	input_close(in);
	assert_int_equal(p.offset, 7 + READER_LONGEST + 101 + 3);
}

static int connect_to(const char *path)
{
	struct sockaddr_un where = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	strcpy(where.sun_path, path);
	assert_int_equal(connect(fd, (struct sockaddr *)&where, sizeof(where)), 0);
	return fd;
}

static void several_tracers(void **state)
{
	struct input *in = open_at("unix:socket", NULL);
	struct export_stream *streams[2] = { NULL };
	struct input_line l;
	int a, b;

	(void)state;
	assert_false(input_waits(in));
	reads(in, "");
	a = connect_to("socket");
	b = connect_to("socket");
	dprintf(a, "a1\na2\n");
	dprintf(b, "b1\nb");
	for (int i = 0; i < 3; i++) {
		assert_int_equal(input_next(in, &l), 1);
		if (streams[l.line.bytes[0] - 'a'])
			assert_ptr_equal(l.stream, streams[l.line.bytes[0] - 'a']);
		streams[l.line.bytes[0] - 'a'] = l.stream;
	}
	assert_true(streams[0] && streams[1] && streams[0] != streams[1]);
	reads(in, "");
	close(a);
	dprintf(b, "2\n");
	reads(in, "b2 ");
	a = connect_to("socket");
	dprintf(a, "c1\nc");
	close(a); /* the end of a line that has none is told, too, and found to be cut short */
	reads(in, "c1 c ");
	close(b);
	reads(in, "");
	input_close(in);
}

/* A socket that nobody listens at any more gives its place, one that is alive does not. */
static void sockets_left_over(void **state)
{
	struct input *in = open_at("unix:socket", NULL), *other = NULL;

	(void)state;
	assert_int_equal(input_open(&other, "unix:socket", NULL), EXIT_FAILED);
	input_close(other);
	input_close(in);
	assert_int_equal(access("socket", F_OK), 0);
	input_close(open_at("unix:socket", NULL));
	scratch_append("file", "x");
	assert_int_equal(input_open(&other, "unix:file", NULL), EXIT_FAILED);
	input_close(other);
	assert_int_equal(access("file", F_OK), 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, scratch_begin, scratch_end)
	const struct CMUnitTest tests[] = {
		TEST(grows),
		TEST(numbered_files),
		TEST(many_digits),
		TEST(moved_by_others),
		TEST(restarted),
		TEST(restarted_after_a_move),
		TEST(recalls_a_bounded_part),
		TEST(a_torn_line_is_taken_back),
		TEST(emptied),
		TEST(too_long),
		TEST(several_tracers),
		TEST(sockets_left_over),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
