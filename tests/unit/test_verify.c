// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* No change of a recording goes unseen: every byte, every line. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fixture.h"
#include "record/key.h"
#include "recording.h"

enum { LINES = 5 };

/* A signed recording of five lines in memory, and where its lines begin. */
static struct small {
	char *bytes;
	size_t n, at[LINES + 1];
	int fd; /* of a copy to spoil */
} small;

static int make_small(void **state)
{
	struct recording r;
	struct seal_key key;
	char path[80];
	const char *failed;
	size_t lines = 0;
	int fd;

	(void)state;
	recording_prepare(&r);
	snprintf(path, sizeof(path), "%s/key", r.folder);
	assert_int_equal(key_generate(path, &key, &failed), 0);
	r.options.key = &key;
	recording_begin(&r);
	for (int i = 0; i < LINES - 2; i++)
		recording_event(&r, 3);
	recording_footer(&r);
	recording_end(&r);
	small.n = recording_size(&r, "");
	small.bytes = malloc(small.n);
	fd = open(r.path, O_RDONLY | O_CLOEXEC);
	assert_int_equal(read(fd, small.bytes, small.n), small.n);
	close(fd);
	for (size_t i = 0; i < small.n; i++)
		if (small.bytes[i] == '\n')
			small.at[++lines] = i + 1;
	assert_int_equal(lines, LINES);
	small.fd = memfd_create("spoilt", MFD_CLOEXEC);
	recording_remove(&r);
	return 0;
}

static int free_small(void **state)
{
	(void)state;
	close(small.fd);
	free(small.bytes);
	return 0;
}

static void set(size_t at, const char *bytes, size_t n)
{
	assert_int_equal(pwrite(small.fd, bytes, n, (off_t)at), n);
}

static void restore(void)
{
	assert_int_equal(ftruncate(small.fd, 0), 0);
	set(0, small.bytes, small.n);
}

/* The file has exactly these lines of the recording. */
static void arrange(const int *lines, int n)
{
	size_t at = 0;

	assert_int_equal(ftruncate(small.fd, 0), 0);
	for (int i = 0; i < n; i++) {
		size_t len = small.at[lines[i] + 1] - small.at[lines[i]];

		set(at, small.bytes + small.at[lines[i]], len);
		at += len;
	}
}

static void as_it_was(void **state)
{
	struct verified v;

	(void)state;
	restore();
	verify_fd(small.fd, &v);
	assert_int_equal(v.end, VERIFY_INTACT);
	assert_int_equal(v.lines, LINES);
	assert_true(v.begins && v.is_signed && !v.goes_on);
}

static size_t line_of(size_t at)
{
	size_t line = 1;

	while (small.at[line] <= at)
		line++;
	return line;
}

/* All 255 other values of each byte, and the line is named in which it is. */
static void every_byte(void **state)
{
	struct verified v;

	(void)state;
	restore();
	for (size_t at = 0; at < small.n; at++) {
		for (unsigned change = 1; change < 256; change++) {
			char byte = (char)(small.bytes[at] ^ change);

			set(at, &byte, 1);
			verify_fd(small.fd, &v);
			if (at == small.n - 1 && v.end == VERIFY_CUT_SHORT)
				assert_int_equal(v.lines, LINES - 1);
			else if (v.end != VERIFY_ALTERED || v.lines + 1 != line_of(at))
				fail_msg("byte %zu xor %02x: %d after %d lines", at, change, v.end,
					 (int)v.lines);
		}
		set(at, small.bytes + at, 1);
	}
}

static void every_length(void **state)
{
	struct verified v;

	(void)state;
	restore();
	for (size_t n = small.n; n-- > 0;) {
		assert_int_equal(ftruncate(small.fd, (off_t)n), 0);
		verify_fd(small.fd, &v);
		assert_int_equal(v.end, VERIFY_CUT_SHORT);
		assert_int_equal(v.lines, line_of(n) - 1);
		assert_false(v.is_signed);
	}
}

static void every_byte_removed_or_added(void **state)
{
	struct verified v;

	(void)state;
	for (size_t at = 0; at + 1 < small.n; at++) {
		restore();
		set(at, small.bytes + at + 1, small.n - at - 1);
		assert_int_equal(ftruncate(small.fd, (off_t)small.n - 1), 0);
		verify_fd(small.fd, &v);
		assert_int_not_equal(v.end, VERIFY_INTACT);
		set(at, " ", 1);
		set(at + 1, small.bytes + at, small.n - at);
		verify_fd(small.fd, &v);
		assert_int_equal(v.end, VERIFY_ALTERED);
	}
}

static void a_line_removed(void **state)
{
	struct verified v;

	(void)state;
	for (int gone = 0; gone < LINES; gone++) {
		int lines[LINES], n = 0;

		for (int i = 0; i < LINES; i++)
			if (i != gone)
				lines[n++] = i;
		arrange(lines, n);
		verify_fd(small.fd, &v);
		assert_int_equal(v.end, gone == LINES - 1 ? VERIFY_CUT_SHORT : VERIFY_ALTERED);
		assert_int_equal(v.lines, gone);
	}
}

static void a_line_repeated(void **state)
{
	struct verified v;

	(void)state;
	for (int twice = 0; twice < LINES; twice++) {
		for (int where = 0; where <= LINES; where++) {
			int lines[LINES + 1], n = 0;

			for (int i = 0; i <= LINES; i++) {
				if (i == where)
					lines[n++] = twice;
				if (i < LINES)
					lines[n++] = i;
			}
			arrange(lines, n);
			verify_fd(small.fd, &v);
			assert_int_equal(v.end, VERIFY_ALTERED);
		}
	}
}

static void two_lines_swapped(void **state)
{
	struct verified v;

	(void)state;
	for (int a = 0; a < LINES; a++) {
		for (int b = a + 1; b < LINES; b++) {
			int lines[LINES] = { 0, 1, 2, 3, 4 };

			lines[a] = b;
			lines[b] = a;
			arrange(lines, LINES);
			verify_fd(small.fd, &v);
			assert_int_equal(v.end, VERIFY_ALTERED);
			assert_int_equal(v.lines, a);
		}
	}
}

/* What an editor of the file would do: seal all of it anew. Without the key, the signature shows it. */
static void seal_anew(bool with_signature)
{
	size_t end = LINES - (with_signature ? 0 : 1), at = 0;
	uint8_t chain[SEAL_HASH] = { 0 };
	char line[1024];

	assert_int_equal(ftruncate(small.fd, 0), 0);
	for (size_t i = 0; i < LINES; i++) {
		size_t n = small.at[i + 1] - small.at[i] - SEAL_END;

		memcpy(line, small.bytes + small.at[i], n);
		if (i == 1)
			*(char *)memmem(line, n, "xxx", 3) = 'y';
		if (i >= end)
			n -= SEAL_SIGNED_END;
		seal_line(chain, line, n);
		set(at, line, n + SEAL_END);
		at += n + SEAL_END;
	}
}

static void sealed_anew(void **state)
{
	struct verified v;

	(void)state;
	seal_anew(true);
	verify_fd(small.fd, &v);
	assert_int_equal(v.end, VERIFY_ALTERED);
	assert_int_equal(v.lines, LINES - 1);
	assert_non_null(strstr(v.why, "not by the key"));
	seal_anew(false);
	verify_fd(small.fd, &v);
	assert_int_equal(v.end, VERIFY_ALTERED);
	assert_non_null(strstr(v.why, "is not signed"));
}

static void no_recording(void **state)
{
	static const char *const texts[] = { "\n",
					     "{}\n",
					     "\xff\n",
					     "[1]\n",
					     "{\"schema\":\"bindtrace/1\",\"kind\":\"header\"}\n",
					     "{\"schema\":\"bindtrace/2\",\"kind\":\"header\"}\n" };
	struct verified v;

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		assert_int_equal(ftruncate(small.fd, 0), 0);
		set(0, texts[i], strlen(texts[i]));
		verify_fd(small.fd, &v);
		assert_int_equal(v.end, VERIFY_ALTERED);
		assert_int_equal(v.lines, 0);
	}
}

/* A sealed file of a later schema is not judged; one whose word was changed is. */
static void another_schema(void **state)
{
	static const char *const bodies[] = {
		"{\"schema\":\"bindtrace/2\",\"kind\":\"header\"",
		"{\"schema\":\"bindtrace/2\",\"kind\":\"header\",\"previous\":"
		"\"000000000000000000000000000000000000000000000000000000000000000f\"",
	};
	struct verified v;
	struct reader r;

	(void)state;
	for (size_t i = 0; i < sizeof(bodies) / sizeof(*bodies); i++) {
		uint8_t chain[SEAL_HASH] = { [SEAL_HASH - 1] = i ? 0xf : 0 };
		size_t n = strlen(bodies[i]);
		char line[512];

		memcpy(line, bodies[i], n);
		seal_line(chain, line, n);
		n += SEAL_END;
		assert_int_equal(ftruncate(small.fd, 0), 0);
		set(0, line, n);
		assert_int_equal(lseek(small.fd, 0, SEEK_SET), 0);
		reader_init(&r, small.fd);
		assert_int_equal(verify_file(&r, &v), -EPROTONOSUPPORT);
		reader_free(&r);
		line[strlen("{\"schema\":\"bindtrace/")] = '3';
		set(0, line, n);
		verify_fd(small.fd, &v);
		assert_int_equal(v.end, VERIFY_ALTERED);
		assert_int_equal(v.lines, 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(as_it_was),	     cmocka_unit_test(every_byte),
		cmocka_unit_test(every_length),	     cmocka_unit_test(every_byte_removed_or_added),
		cmocka_unit_test(a_line_removed),    cmocka_unit_test(a_line_repeated),
		cmocka_unit_test(two_lines_swapped), cmocka_unit_test(sealed_anew),
		cmocka_unit_test(no_recording),	     cmocka_unit_test(another_schema),
	};

	return cmocka_run_group_tests(tests, make_small, free_small);
}
