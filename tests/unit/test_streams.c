// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Several recordings as one: in which order their lines come, whatever their clocks did. */
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cmd/streams.h"
#include "fixture.h"

/* A line by its clocks. */
struct written {
	const char *time;
	uint64_t boottime_ns;
};

#define S 1000000000ull

static void path_of(int fd, char path[64])
{
	snprintf(path, 64, "/proc/self/fd/%d", fd);
}

static int write_file(const struct written *lines, unsigned n)
{
	int fd = fixture_open();

	for (unsigned i = 0; i < n; i++)
		assert_true(dprintf(fd,
				    "{\"schema\":\"bindtrace/1\",\"kind\":\"%s\",\"seq\":%u,"
				    "\"time\":\"%s\",\"boottime_ns\":%" PRIu64 ",\"host\":\"h\"}\n",
				    i + 1 < n ? "failure" : "footer", i, lines[i].time,
				    lines[i].boottime_ns) > 0);
	return fd;
}

/* "a0 b0 a1": file and number of each line, as they are told; messages go to standard error. */
static void order_of(const struct written *const files[2], const unsigned n[2], char *order)
{
	struct stream streams[2], *s;
	struct progress progress = { .on = false };
	char paths[2][64];
	int fds[2];

	for (unsigned i = 0; i < 2; i++) {
		fds[i] = write_file(files[i], n[i]);
		path_of(fds[i], paths[i]);
		assert_int_equal(
			stream_open(&streams[i], paths[i], i ? &streams[0] : NULL, &progress), 0);
	}
	while ((s = streams_first(streams, 2))) {
		order +=
			sprintf(order, "%c%" PRIu64 " ", (char)('a' + (s - streams)), s->about.seq);
		stream_next(s);
	}
	for (unsigned i = 0; i < 2; i++) {
		stream_close(&streams[i]);
		close(fds[i]);
	}
}

/* A clock that is set back: what comes behind keeps its place behind, and the other file goes on beside it. */
static void test_set_back(void **state)
{
	static const struct written a[] = { { "2026-11-29T10:00:10Z", 10 * S },
					    { "2026-11-29T10:00:20Z", 20 * S },
					    { "2026-11-29T08:00:21Z", 21 * S },
					    { "2026-11-29T08:00:30Z", 30 * S } };
	static const struct written b[] = { { "2026-11-29T10:00:11Z", 500 * S },
					    { "2026-11-29T10:00:19Z", 508 * S },
					    { "2026-11-29T10:00:25Z", 514 * S } };
	char order[64] = "";

	(void)state;
	order_of((const struct written *const[]){ a, b }, (const unsigned[]){ 4, 3 }, order);
	assert_string_equal(order, "a0 b0 b1 a1 a2 a3 b2 ");
	order_of((const struct written *const[]){ b, a }, (const unsigned[]){ 3, 4 }, order);
	assert_string_equal(order, "b0 a0 a1 b1 b2 b3 a2 ");
}

/* One that is set forward and back again: the lines between wait for the other file, and none is lost. */
static void test_set_forward(void **state)
{
	static const struct written a[] = { { "2026-11-29T10:00:10Z", 10 * S },
					    { "2026-11-29T12:00:11Z", 11 * S },
					    { "2026-11-29T10:00:12Z", 12 * S } };
	static const struct written b[] = { { "2026-11-29T10:00:11Z", 500 * S },
					    { "2026-11-29T10:00:40Z", 529 * S } };
	char order[64] = "";

	(void)state;
	order_of((const struct written *const[]){ a, b }, (const unsigned[]){ 3, 2 }, order);
	assert_string_equal(order, "a0 b0 b1 a1 a2 ");
}

/* Times as far apart as a line can say: under sanitizers, which know what wraps around. */
static void test_far_apart(void **state)
{
	static const struct written a[] = { { "1970-01-01T00:00:00.000000001Z", INT64_MAX },
					    { "2553-12-31T23:59:59Z", INT64_MAX },
					    { "1970-01-01T00:00:01Z", INT64_MAX },
					    { "2262-04-11T23:47:16.854775808Z", INT64_MAX } };
	static const struct written b[] = { { "2026-11-29T10:00:11Z", 1 } };
	char order[64] = "";

	(void)state;
	order_of((const struct written *const[]){ a, b }, (const unsigned[]){ 4, 1 }, order);
	assert_string_equal(order, "a0 b0 a1 a2 a3 ");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_set_back),
		cmocka_unit_test(test_set_forward),
		cmocka_unit_test(test_far_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
