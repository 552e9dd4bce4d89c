// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* How far a recording has been exported: what is kept is found again, whatever happened to one of the records. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/status.h"
#include "export/position.h"
#include "fixture.h"
#include "scratch.h"

static const struct position first = { 0xfeed, 4711, 3 }, second = { 0xfeed, 4712, 3 },
			     third = { 0xbeef, 0, 4 };

static void same(const struct position *a, const struct position *b)
{
	assert_int_equal(a->file, b->file);
	assert_int_equal(a->offset, b->offset);
	assert_int_equal(a->after, b->after);
}

/* What is found when it is opened again. */
static void expect(const struct position *wanted)
{
	struct position_file *f = NULL;
	struct position p;
	bool found;

	assert_int_equal(position_open(&f, "state", &p, &found), EXIT_OK);
	assert_int_equal(found, wanted != NULL);
	if (wanted)
		same(&p, wanted);
	position_close(f);
}

static void keep(const struct position *const *these, unsigned n)
{
	struct position_file *f = NULL;
	struct position p;
	bool found;

	assert_int_equal(position_open(&f, "state", &p, &found), EXIT_OK);
	for (unsigned i = 0; i < n; i++)
		assert_int_equal(position_keep(f, these[i]), 0);
	assert_int_equal(position_sync(f), 0);
	position_close(f);
}

static void damage(off_t at)
{
	int fd = open("state", O_WRONLY | O_CLOEXEC);

	assert_int_equal(pwrite(fd, "9", 1, at), 1);
	close(fd);
}

static void kept_and_found(void **state)
{
	const struct position *const all[] = { &first, &second, &third };

	(void)state;
	expect(NULL);
	expect(NULL);
	keep(all, 1);
	expect(&first);
	keep(all + 1, 2);
	expect(&third);
	expect(&third);
}

/* Two records are written in turn: with the newer one damaged, the one before it counts. */
static void one_record_is_damaged(void **state)
{
	const struct position *const all[] = { &first, &second };
	struct position_file *f = NULL;
	struct position p;
	bool found;

	(void)state;
	keep(all,
	     2); /* turns 1 and 2 were the beginning: these are 3 in the second half, 4 in the first */
	damage(60);
	expect(&first);
	damage(512 + 60);
	assert_int_equal(position_open(&f, "state", &p, &found), EXIT_FAILED);
	position_close(f);
}

/* Whatever single byte of it is another one, nothing is taken for a position that was not kept. */
static void any_byte(void **state)
{
	const struct position *const all[] = { &first, &second };

	(void)state;
	for (off_t at = 0; at < 512; at++) {
		unlink("state");
		keep(all, 2);
		damage(at);
		struct position_file *f = NULL;
		struct position p = { 0 };
		bool found;

		assert_int_equal(position_open(&f, "state", &p, &found), EXIT_OK);
		assert_true(p.offset == first.offset || p.offset == second.offset);
		position_close(f);
	}
}

/* Somebody else's file is left alone, and so is one that is in use. */
static void not_ours(void **state)
{
	struct position_file *f = NULL, *other = NULL;
	struct position p;
	bool found;

	(void)state;
	scratch_append("hosts", "127.0.0.1 localhost\n");
	assert_int_equal(position_open(&f, "hosts", &p, &found), EXIT_FAILED);
	position_close(f);
	f = NULL;
	assert_int_equal(symlink("state", "link"), 0);
	assert_int_equal(position_open(&f, "link", &p, &found), EXIT_FAILED);
	position_close(f);
	assert_int_equal(position_open(&f, "state", &p, &found), EXIT_OK);
	assert_int_equal(position_open(&other, "state", &p, &found), EXIT_FAILED);
	position_close(other);
	position_close(f);
}

/* A file is known by its first line, once that is whole; by its first 4,096 bytes when it is longer. */
static void known_by_its_first_line(void **state)
{
	uint64_t one, two;
	int fd, i;

	(void)state;
	scratch_append("a", "the first");
	fd = open("a", O_RDONLY | O_CLOEXEC);
	assert_int_equal(position_file(fd), 0);
	scratch_append("a", " line\nand");
	one = position_file(fd);
	assert_int_not_equal(one, 0);
	scratch_append("a", " more\n");
	assert_int_equal(position_file(fd), one);
	close(fd);
	for (i = 0; i < 4096; i++)
		scratch_append("b", "x");
	fd = open("b", O_RDONLY | O_CLOEXEC);
	two = position_file(fd);
	assert_int_not_equal(two, 0);
	assert_int_not_equal(two, one);
	scratch_append("b", "x\n");
	assert_int_equal(position_file(fd), two);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(kept_and_found, scratch_begin, scratch_end),
		cmocka_unit_test_setup_teardown(one_record_is_damaged, scratch_begin, scratch_end),
		cmocka_unit_test_setup_teardown(any_byte, scratch_begin, scratch_end),
		cmocka_unit_test_setup_teardown(not_ours, scratch_begin, scratch_end),
		cmocka_unit_test_setup_teardown(known_by_its_first_line, scratch_begin,
						scratch_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
