// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Which word was meant by a mistyped one. */
#include "fixture.h"

#include <string.h>

#include "base/nearest.h"

/* Of the words in order; NULL: of none of them. */
static const char *nearest_of(const char *typed, const char *const *words)
{
	struct nearest near = { .word = typed, .length = strlen(typed) };

	for (; *words; words++)
		nearest_try(&near, *words);
	return near.found;
}

static const char *const commands[] = { "trace",  "check",  "ports",  "record", "report",
					"verify", "keygen", "export", "doctor", NULL };

static void test_one_slip(void **state)
{
	(void)state;
	assert_string_equal(nearest_of("chekc", commands), "check");   /* changed places */
	assert_string_equal(nearest_of("chek", commands), "check");    /* missing */
	assert_string_equal(nearest_of("tracee", commands), "trace");  /* too many */
	assert_string_equal(nearest_of("verifi", commands), "verify"); /* wrong */
	assert_string_equal(nearest_of("ver", commands), "verify");    /* not ended */
}

static void test_the_nearest(void **state)
{
	(void)state;
	/* others are near, too, and stand before it */
	assert_string_equal(nearest_of("recrod", commands), "record");
	assert_string_equal(nearest_of("reprot", commands), "report");
	assert_string_equal(nearest_of("exprot", commands), "export");
}

static void test_not_near(void **state)
{
	(void)state;
	assert_null(nearest_of("frobnicate", commands));
	assert_null(nearest_of("8000", commands));
	assert_null(nearest_of("chxyz", commands));
	/* what is that short may be anything */
	assert_null(nearest_of("ls", commands));
	assert_null(nearest_of("", commands));
	assert_null(nearest_of("a-word-that-is-longer-than-any-option-is", commands));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_slip),
		cmocka_unit_test(test_the_nearest),
		cmocka_unit_test(test_not_near),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
