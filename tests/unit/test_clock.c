/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#include <stdlib.h>
#include <time.h>

#include "base/clock.h"
#include "fixture.h"

#define S 1000000000ull

static char out[CLOCK_TEXT];

static void rfc3339(void **state)
{
	(void)state;
	clock_rfc3339(FIXTURE_REALTIME_NS, out);
	assert_string_equal(out, "2026-11-23T09:41:07.123456789Z");
	clock_rfc3339(5, out);
	assert_string_equal(out, "1970-01-01T00:00:00.000000005Z");
	/* the last nanosecond before a leap day ends */
	clock_rfc3339(1709251199 * S + 999999999, out);
	assert_string_equal(out, "2024-02-29T23:59:59.999999999Z");
}

static void local_time(void **state)
{
	(void)state;
	clock_local(FIXTURE_REALTIME_NS, 3, out);
	assert_string_equal(out, "09:41:07.123");
	clock_local(FIXTURE_REALTIME_NS, 0, out);
	assert_string_equal(out, "09:41:07");
	clock_local(FIXTURE_REALTIME_NS, 9, out);
	assert_string_equal(out, "09:41:07.123456789");
	setenv("TZ", "XXX-2:30", 1);
	tzset();
	clock_local(FIXTURE_REALTIME_NS, 1, out);
	assert_string_equal(out, "12:11:07.1");
	setenv("TZ", "UTC", 1);
	tzset();
}

static void offset_joins_the_clocks(void **state)
{
	int64_t offset = clock_offset_ns();
	uint64_t boot = clock_boottime_ns();
	struct timespec now;
	int64_t diff;

	(void)state;
	clock_gettime(CLOCK_REALTIME, &now);
	diff = (int64_t)(clock_realtime_ns(boot, offset) -
			 ((uint64_t)now.tv_sec * S + (uint64_t)now.tv_nsec));
	/* as near as this thread was scheduled */
	assert_true(diff < 100000000 && diff > -1000000000);
	assert_true(clock_boottime_ns() >= boot);
	assert_true(clock_realtime_ns(10, -3) == 7);
}

static const char *span(uint64_t ns)
{
	struct text t;

	text_init(&t, out, sizeof(out));
	clock_add_span(&t, ns);
	return out;
}

static const char *wait_of(uint64_t ns)
{
	struct text t;

	text_init(&t, out, sizeof(out));
	clock_add_wait(&t, ns);
	return out;
}

static void spans_round_down(void **state)
{
	(void)state;
	assert_string_equal(span(0), "0.0 s");
	assert_string_equal(span(899999999), "0.8 s");
	assert_string_equal(span(99 * S + 999999999), "99.9 s");
	assert_string_equal(span(200 * S), "3 min");
	assert_string_equal(span(7199 * S), "119 min");
	assert_string_equal(span(7200 * S), "2 h");
	assert_string_equal(span(47 * 3600 * S), "47 h");
	assert_string_equal(span(12 * 86400 * S), "12 d");
}

static void waits_round_up(void **state)
{
	(void)state;
	assert_string_equal(wait_of(0), "0.0 s");
	assert_string_equal(wait_of(1), "0.1 s");
	assert_string_equal(wait_of(60380000000), "60.4 s");
	assert_string_equal(wait_of(60400000000), "60.4 s");
	assert_string_equal(wait_of(60400000001), "60.5 s");
	assert_string_equal(wait_of(99950000000), "100 s");
	assert_string_equal(wait_of(600 * S), "600 s");
	assert_string_equal(wait_of(601 * S), "11 min");
}

static int utc(void **state)
{
	(void)state;
	setenv("TZ", "UTC", 1);
	tzset();
	return 0;
}

/* What is written is read again, leap days and all; a day that a month does not have counts on into the next one. */
static void every_day(void **state)
{
	char text[CLOCK_TEXT];
	uint64_t ns, read;

	(void)state;
	for (uint64_t day = 0; day < 213000; day++) {
		ns = (day * 86400 + day % 86400) * S + day;
		clock_rfc3339(ns, text);
		assert_int_equal(clock_parse_rfc3339(text, &read), 0);
		assert_true(read == ns);
	}
	assert_int_equal(clock_parse_rfc3339("2023-02-31T00:00:00Z", &read), 0);
	assert_true(read == 1677801600 * S);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rfc3339),	    cmocka_unit_test(every_day),
		cmocka_unit_test(local_time),	    cmocka_unit_test(offset_joins_the_clocks),
		cmocka_unit_test(spans_round_down), cmocka_unit_test(waits_round_up),
	};

	return cmocka_run_group_tests_name("clock", tests, utc, NULL);
}
