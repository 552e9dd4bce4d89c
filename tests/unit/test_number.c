/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "fixture.h"

static void plain_numbers(void **state)
{
	uint64_t u64 = 1;
	uint32_t u32 = 1;

	(void)state;
	assert_int_equal(number_u64("18446744073709551615", &u64), 0);
	assert_true(u64 == UINT64_MAX);
	assert_int_equal(number_u64("0", &u64), 0);
	assert_true(u64 == 0);
	assert_int_equal(number_u32("4294967295", &u32), 0);
	assert_true(u32 == UINT32_MAX);
}

static void not_numbers(void **state)
{
	static const char *const bad[] = { "",
					   " 1",
					   "1 ",
					   "+1",
					   "-1",
					   "1x",
					   "0x10",
					   "1e3",
					   "1.0",
					   "\n",
					   "99999999999999999999x",
					   "\xd9\xa1" };
	uint64_t u64 = 42;
	uint32_t u32 = 42;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(number_u64(bad[i], &u64), -EINVAL);
		assert_int_equal(number_u32(bad[i], &u32), -EINVAL);
	}
	assert_int_equal(number_u64("18446744073709551616", &u64), -ERANGE);
	assert_int_equal(number_u64("99999999999999999999999", &u64), -ERANGE);
	assert_int_equal(number_u32("4294967296", &u32), -ERANGE);
	assert_true(u64 == 42 && u32 == 42);
}

static int note(uint16_t first, uint16_t last, void *ctx)
{
	char *seen = ctx;

	sprintf(seen + strlen(seen), "%u-%u ", first, last);
	return first == 666 ? -ENOSPC : 0;
}

static void port_lists(void **state)
{
	char seen[128] = "";

	(void)state;
	assert_int_equal(number_ports("80,443,8000-8100,0,65535", note, seen), 0);
	assert_string_equal(seen, "80-80 443-443 8000-8100 0-0 65535-65535 ");
	strcpy(seen, "");
	assert_int_equal(number_ports("1,666,2", note, seen), -ENOSPC);
	assert_string_equal(seen, "1-1 666-666 ");
}

static void bad_port_lists(void **state)
{
	static const struct {
		const char *list;
		int err;
	} bad[] = {
		{ "", -EINVAL },       { ",", -EINVAL },
		{ "80,", -EINVAL },    { ",80", -EINVAL },
		{ "80,,81", -EINVAL }, { "80-", -EINVAL },
		{ "-80", -EINVAL },    { "90-80", -EINVAL },
		{ "1-2-3", -EINVAL },  { "80 ,81", -EINVAL },
		{ "80, 81", -EINVAL }, { "http", -EINVAL },
		{ "65536", -ERANGE },  { "1-65536", -ERANGE },
		{ "80x", -EINVAL },    { "99999999999999999999999", -ERANGE },
	};
	char seen[128] = "";

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(number_ports(bad[i].list, note, seen), bad[i].err);
	assert_int_equal(number_ports("80,x", note, seen), -EINVAL);
	assert_string_equal(seen, "");
}

static uint64_t duration(const char *s)
{
	uint64_t ns = 0;

	assert_int_equal(number_duration(s, &ns), 0);
	return ns;
}

static void durations(void **state)
{
	(void)state;
	assert_true(duration("90") == 90000000000);
	assert_true(duration("0") == 0);
	assert_true(duration("1.5s") == 1500000000);
	assert_true(duration("1.5") == 1500000000);
	assert_true(duration("500ms") == 500000000);
	assert_true(duration("0.25ms") == 250000);
	assert_true(duration("2m") == 120000000000);
	assert_true(duration("1h") == 3600000000000);
	assert_true(duration("0.5h") == 1800000000000);
	assert_true(duration("0.000000001s") == 1);
	assert_true(duration("18446744073.709551615s") == UINT64_MAX);
}

static void bad_durations(void **state)
{
	static const char *const bad[] = { "",	    "s",  ".5s", "1.s", "1. s",		 "1 s",
					   "-1s",   "+1", "1d",	 "1ss", "1.0000000001s", "1e3",
					   "1.5.5", "ms" };
	uint64_t ns = 42;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(number_duration(bad[i], &ns), -EINVAL);
	assert_int_equal(number_duration("18446744073.709551616s", &ns), -ERANGE);
	assert_int_equal(number_duration("5124096h", &ns), -ERANGE);
	assert_true(ns == 42);
}

static void sizes(void **state)
{
	static const char *const bad[] = { "", "K", "1k", "1KB", "1.5M", "-1", "1 K", "0x1", "1P" };
	uint64_t bytes = 42;

	(void)state;
	assert_int_equal(number_size("65536", &bytes), 0);
	assert_true(bytes == 65536);
	assert_int_equal(number_size("64K", &bytes), 0);
	assert_true(bytes == 65536);
	assert_int_equal(number_size("100M", &bytes), 0);
	assert_true(bytes == 100ull << 20);
	assert_int_equal(number_size("3G", &bytes), 0);
	assert_true(bytes == 3ull << 30);
	assert_int_equal(number_size("2T", &bytes), 0);
	assert_true(bytes == 2ull << 40);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(number_size(bad[i], &bytes), -EINVAL);
	assert_int_equal(number_size("99999999T", &bytes), -ERANGE);
	assert_true(bytes == 2ull << 40);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_numbers), cmocka_unit_test(not_numbers),
		cmocka_unit_test(port_lists),	 cmocka_unit_test(bad_port_lists),
		cmocka_unit_test(durations),	 cmocka_unit_test(bad_durations),
		cmocka_unit_test(sizes),
	};

	return cmocka_run_group_tests_name("number", tests, NULL, NULL);
}
