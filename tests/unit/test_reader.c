// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Lines from hostile files: any bytes, any length, an end anywhere. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fixture.h"
#include "record/reader.h"

static int file(const char *bytes, size_t n)
{
	int fd = fixture_open();

	assert_int_equal(write(fd, bytes, n), n);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	return fd;
}

static void lines_as_they_are(void **state)
{
	static const char text[] = "a\n\nb\0c\nlast";
	static const struct {
		size_t n;
		bool ended;
	} expected[] = { { 2, true }, { 1, true }, { 4, true }, { 4, false } };
	int fd = file(text, sizeof(text) - 1);
	const char *at = text;
	struct reader r;
	struct line line;

	(void)state;
	reader_init(&r, fd);
	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(reader_next(&r, &line), 1);
		assert_int_equal(line.n, expected[i].n);
		assert_memory_equal(line.bytes, at, line.n);
		assert_int_equal(line.ended, expected[i].ended);
		assert_int_equal(line.number, i + 1);
		assert_false(line.too_long);
		at += line.n;
	}
	assert_int_equal(reader_next(&r, &line), 0);
	assert_int_equal(reader_next(&r, &line), 0);
	reader_free(&r);
	close(fd);
}

/* A file of n bytes x, and what is behind them. */
static int long_file(size_t n, const char *behind)
{
	char *x = malloc(n);
	int fd;

	memset(x, 'x', n);
	fd = file(x, n);
	assert_int_equal(pwrite(fd, behind, strlen(behind), (off_t)n), strlen(behind));
	free(x);
	return fd;
}

/* The longest line is one, a longer one is told once and skipped, and the next one is found. */
static void long_lines(void **state)
{
	static const struct {
		size_t n;
		const char *behind;
		bool too_long, ended;
	} cases[] = {
		{ READER_LONGEST - 1, "\nnext\n", false, true },
		{ READER_LONGEST, "\nnext\n", true, false },
		{ READER_LONGEST + 1, "\nnext\n", true, false },
		{ 3 * (size_t)READER_LONGEST + 5, "\nnext\n", true, false },
		{ READER_LONGEST + 1, "", true, false },
		{ READER_LONGEST - 1, "", false, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		int fd = long_file(cases[i].n, cases[i].behind);
		struct reader r;
		struct line line;

		reader_init(&r, fd);
		assert_int_equal(reader_next(&r, &line), 1);
		assert_int_equal(line.too_long, cases[i].too_long);
		assert_int_equal(line.ended, cases[i].ended);
		assert_true(line.n <= READER_LONGEST);
		assert_true(r.size <= READER_LONGEST);
		assert_int_equal(reader_next(&r, &line), *cases[i].behind != '\0');
		if (*cases[i].behind)
			assert_memory_equal(line.bytes, "next\n", 5);
		reader_free(&r);
		close(fd);
	}
}

/* However the kernel hands it out. */
static void small_pieces(void **state)
{
	struct reader r;
	struct line line;
	int ends[2];

	(void)state;
	assert_int_equal(pipe(ends), 0);
	reader_init(&r, ends[0]);
	assert_int_equal(write(ends[1], "one\ntw", 6), 6);
	assert_int_equal(reader_next(&r, &line), 1);
	assert_memory_equal(line.bytes, "one\n", 4);
	assert_int_equal(write(ends[1], "o\n", 2), 2);
	assert_int_equal(reader_next(&r, &line), 1);
	assert_memory_equal(line.bytes, "two\n", 4);
	close(ends[1]);
	assert_int_equal(reader_next(&r, &line), 0);
	reader_free(&r);
	close(ends[0]);
}

static void not_readable(void **state)
{
	int fd = open("/", O_RDONLY | O_CLOEXEC);
	struct reader r;
	struct line line;

	(void)state;
	reader_init(&r, fd);
	assert_int_equal(reader_next(&r, &line), -EISDIR);
	reader_free(&r);
	close(fd);
}

static void faults(void **state)
{
#define CASE(fault, text)                                                                          \
	{                                                                                          \
		fault, text, sizeof(text) - 1                                                      \
	}
	static const struct {
		enum line_fault fault;
		const char *text;
		size_t n;
	} cases[] = {
		CASE(LINE_FINE, "{\"schema\":\"bindtrace/1\",\"kind\":\"later\",\"new\":1}\n"),
		CASE(LINE_FINE, " {\"kind\":\"\xc3\xa4\",\"schema\":\"bindtrace/1\"} \n"),
		CASE(LINE_NOT_ENDED, "{\"schema\":\"bindtrace/1\",\"kind\":\"later\"}"),
		CASE(LINE_NUL, "{\"schema\":\"bindtrace/1\",\"kind\":\"a\0b\"}\n"),
		CASE(LINE_NOT_UTF8, "{\"schema\":\"bindtrace/1\",\"kind\":\"a\xff\"}\n"),
		CASE(LINE_NOT_UTF8, "{\"schema\":\"bindtrace/1\",\"kind\":\"\xed\xa0\x80\"}\n"),
		CASE(LINE_NOT_JSON, "\n"),
		CASE(LINE_NOT_JSON, "{\n"),
		CASE(LINE_NOT_JSON, "[]\n"),
		CASE(LINE_NOT_JSON, "null\n"),
		CASE(LINE_NOT_JSON, "{} {}\n"),
		CASE(LINE_NOT_JSON, "{\"schema\":\"bindtrace/1\",\"kind\":'a'}\n"),
		CASE(LINE_NOT_JSON, "{\"schema\":\"bindtrace/1\",\"kind\":\"a\"}}\n"),
		CASE(LINE_NOT_OURS, "{}\n"),
		CASE(LINE_NOT_OURS, "{\"schema\":1,\"kind\":\"a\"}\n"),
		CASE(LINE_NOT_OURS, "{\"schema\":\"other/1\",\"kind\":\"a\"}\n"),
		CASE(LINE_OTHER_SCHEMA, "{\"schema\":\"bindtrace/12\",\"kind\":\"a\"}\n"),
		CASE(LINE_NOT_OURS, "{\"schema\":\"bindtrace/1\\u0000\",\"kind\":\"a\"}\n"),
		CASE(LINE_NO_KIND, "{\"schema\":\"bindtrace/1\"}\n"),
		CASE(LINE_NO_KIND, "{\"schema\":\"bindtrace/1\",\"kind\":{}}\n"),
	};
	struct value_tree tree = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct line line = { .bytes = cases[i].text,
				     .n = cases[i].n,
				     .ended = cases[i].text[cases[i].n - 1] == '\n' };
		const struct value *o = NULL;
		enum line_fault fault = line_parse(&line, &tree, &o);

		if (fault != cases[i].fault)
			fail_msg("%s: %s", cases[i].text, line_fault_text(fault));
		assert_int_equal(o != NULL, fault == LINE_FINE);
	}
	value_free(&tree);
}

/* A hundred thousand brackets must not take the stack. */
static void deep(void **state)
{
	static char bytes[100000 + 1];
	struct line line = { .bytes = bytes, .n = sizeof(bytes), .ended = true };
	struct value_tree tree = { 0 };
	const struct value *o;

	(void)state;
	memset(bytes, '[', sizeof(bytes));
	memcpy(bytes, "{\"a\":", 5);
	bytes[sizeof(bytes) - 1] = '\n';
	assert_int_equal(line_parse(&line, &tree, &o), LINE_NOT_JSON);
	value_free(&tree);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_as_they_are),
		cmocka_unit_test(long_lines),
		cmocka_unit_test(small_pieces),
		cmocka_unit_test(not_readable),
		cmocka_unit_test(faults),
		cmocka_unit_test(deep),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
