// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* What a collector answers, and how long to wait for another try. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "export/otlp_answer.h"
#include "fixture.h"

#define SECOND 1000000000ll

/* Sun, 06 Nov 1994 08:49:37 GMT, the example of RFC 9110 */
enum { NOW_S = 784111777 };

static void statuses(void **state)
{
	static const long again[] = { 429, 502, 503, 504 },
			  never[] = { 200, 301, 307, 400, 401, 403, 404, 408, 413, 500, 501, 505 };

	(void)state;
	for (size_t i = 0; i < sizeof(again) / sizeof(*again); i++)
		assert_true(otlp_status_retries(again[i]));
	for (size_t i = 0; i < sizeof(never) / sizeof(*never); i++)
		assert_false(otlp_status_retries(never[i]));
}

static void retry_after(void **state)
{
	static const struct {
		const char *value;
		int64_t wait_ns;
	} expected[] = {
		{ "0", 0 },
		{ "3", 3 * SECOND },
		{ "599", 599 * SECOND },
		{ "601", OTLP_MOST_WAIT_S * SECOND },
		{ "99999999999999999999999", OTLP_MOST_WAIT_S * SECOND },
		{ "Sun, 06 Nov 1994 08:49:47 GMT", 10 * SECOND },
		{ "Sunday, 06-Nov-94 08:49:47 GMT", 10 * SECOND },
		{ "Sun Nov  6 08:49:47 1994", 10 * SECOND },
		{ "Sun, 06 Nov 1994 08:49:27 GMT", 0 },
		{ "Mon, 06 Nov 2034 08:49:27 GMT", OTLP_MOST_WAIT_S * SECOND },
		{ "", -1 },
		{ "-1", -1 },
		{ "3 s", -1 },
		{ "3.5", -1 },
		{ "soon", -1 },
		{ "\xff", -1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(expected) / sizeof(*expected); i++)
		if (otlp_retry_after(expected[i].value, NOW_S) != expected[i].wait_ns)
			fail_msg("'%s': %lld", expected[i].value,
				 (long long)otlp_retry_after(expected[i].value, NOW_S));
}

static void backoff(void **state)
{
	static const uint64_t most_s[] = { 1, 2, 4, 8, 16, 30, 30, 30 };

	(void)state;
	for (unsigned i = 0; i < sizeof(most_s) / sizeof(*most_s); i++) {
		assert_int_equal(otlp_backoff_ns(i + 1, UINT32_MAX), most_s[i] * SECOND);
		assert_int_equal(otlp_backoff_ns(i + 1, 0), most_s[i] * SECOND / 2);
	}
	assert_int_equal(otlp_backoff_ns(UINT32_MAX, UINT32_MAX), 30 * SECOND);
}

static void reads(const char *bytes, const char *kind, uint64_t rejected, const char *message)
{
	struct otlp_partial p;

	otlp_partial_read(&p, bytes, strlen(bytes), kind);
	if (p.rejected != rejected || strcmp(p.message, message))
		fail_msg("%s: %llu '%s'", bytes, (unsigned long long)p.rejected, p.message);
}

static void partial(void **state)
{
	static const char logs[] = "rejectedLogRecords", points[] = "rejectedDataPoints";

	(void)state;
	reads("{}", logs, 0, "");
	reads("{\"partialSuccess\":{\"rejectedLogRecords\":\"3\",\"errorMessage\":\"no\"}}", logs,
	      3, "no");
	reads("{\"partialSuccess\":{\"rejectedLogRecords\":3}}", logs, 3, "");
	reads("{\"partialSuccess\":{\"rejectedLogRecords\":3}}", points, 0, "");
	reads("{\"partialSuccess\":{\"rejectedDataPoints\":\"18446744073709551615\"}}", points,
	      UINT64_MAX, "");
	reads("{\"partialSuccess\":{\"errorMessage\":\"only a warning\"}}", logs, 0,
	      "only a warning");
	/* google.rpc.Status, of a request that was not taken */
	reads("{\"code\":3,\"message\":\"a\\n\\u001b[2Jb\",\"details\":[]}", logs, 0,
	      "a\\n\\x1b[2Jb");
}

static void hostile_answers(void **state)
{
	static const char *const answers[] = {
		"",
		"null",
		"[]",
		"\"x\"",
		"{",
		"{\"partialSuccess\":null}",
		"{\"partialSuccess\":[]}",
		"{\"partialSuccess\":{\"rejectedLogRecords\":-5}}",
		"{\"partialSuccess\":{\"rejectedLogRecords\":\"-5\"}}",
		"{\"partialSuccess\":{\"rejectedLogRecords\":\"99999999999999999999\"}}",
		"{\"partialSuccess\":{\"rejectedLogRecords\":1.5}}",
		"{\"partialSuccess\":{\"rejectedLogRecords\":{}}}",
		"{\"partialSuccess\":{\"errorMessage\":5}}",
		"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
		"<html>502</html>",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(answers) / sizeof(*answers); i++)
		reads(answers[i], "rejectedLogRecords", 0, "");
}

static void long_messages_are_cut(void **state)
{
	char bytes[4096] = "{\"message\":\"", *at = bytes + strlen(bytes);
	struct otlp_partial p;

	(void)state;
	memset(at, 'x', 2000);
	strcpy(at + 2000, "\"}");
	otlp_partial_read(&p, bytes, strlen(bytes), "rejectedLogRecords");
	assert_int_equal(strlen(p.message), sizeof(p.message) - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(statuses),	   cmocka_unit_test(retry_after),
		cmocka_unit_test(backoff),	   cmocka_unit_test(partial),
		cmocka_unit_test(hostile_answers), cmocka_unit_test(long_messages_are_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
