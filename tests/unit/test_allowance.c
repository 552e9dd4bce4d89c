// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* What may be left out takes a tenth of the time, whatever it costs once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/allowance.h"

#define MS     1000000ull
#define SECOND (1000 * MS)

/* For so long somebody wants to do it ten times a second: how often is it done? */
static unsigned done(uint64_t from_ns, uint64_t for_ns, uint64_t cost_ns)
{
	struct allowance a = { 0 };
	unsigned n = 0;

	for (uint64_t now = from_ns; now < from_ns + for_ns; now += 100 * MS) {
		if (!allowance_left(&a, now))
			continue;
		allowance_spend(&a, now + cost_ns, cost_ns);
		n++;
	}
	return n;
}

static void cheap_is_done_always(void **state)
{
	(void)state;
	assert_int_equal(done(100 * SECOND, 60 * SECOND, MS), 600);
	assert_int_equal(done(0, 60 * SECOND, 9 * MS), 600);
}

static void dear_is_done_seldom(void **state)
{
	unsigned n = done(100 * SECOND, 240 * SECOND, 240 * MS);

	(void)state;
	assert_in_range(n, 95, 101);
	n = done(0, 240 * SECOND, 2400 * MS);
	assert_in_range(n, 9, 11);
}

/* What was not needed for long is no reason to be busy for long. */
static void saved_for_a_second(void **state)
{
	struct allowance a = { 0 };
	uint64_t now = 1000 * SECOND;
	unsigned n = 0;

	(void)state;
	for (; allowance_left(&a, now); n++)
		allowance_spend(&a, now, 10 * MS);
	assert_int_equal(n, 11);
	assert_true(allowance_left(&a, now + 100 * MS));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cheap_is_done_always),
		cmocka_unit_test(dear_is_done_seldom),
		cmocka_unit_test(saved_for_a_second),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
