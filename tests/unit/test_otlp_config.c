// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Where OTLP goes, and with what: the environment is whoever's that starts us. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "export/options.h"
#include "export/otlp_config.h"
#include "fixture.h"

static int fresh(void **state)
{
	(void)state;
	log_set_level(LOG_LEVEL_ERROR);
	return clearenv();
}

static int reads(struct otlp_config *c, const char *argument)
{
	const struct options o = { .otlp = argument };

	return otlp_config_read(c, &o);
}

static void goes_to(const char *argument, const char *logs, const char *metrics)
{
	struct otlp_config c;

	assert_int_equal(reads(&c, argument), EXIT_OK);
	assert_string_equal(c.url[OTLP_LOGS], logs);
	assert_string_equal(c.url[OTLP_METRICS], metrics);
	otlp_config_free(&c);
}

static void fails(const char *argument)
{
	struct otlp_config c;
	int status = reads(&c, argument);

	otlp_config_free(&c);
	if (status != EXIT_USAGE)
		fail_msg("%s: status %d", argument, status);
}

static void urls(void **state)
{
	(void)state;
	goes_to("http://a:4318", "http://a:4318/v1/logs", "http://a:4318/v1/metrics");
	goes_to("http://a:4318/", "http://a:4318/v1/logs", "http://a:4318/v1/metrics");
	goes_to("https://a/x/y", "https://a/x/y/v1/logs", "https://a/x/y/v1/metrics");
	goes_to("https://a/x/", "https://a/x/v1/logs", "https://a/x/v1/metrics");
	goes_to("http://[::1]:4318#part", "http://[::1]:4318/v1/logs",
		"http://[::1]:4318/v1/metrics");
	goes_to("https://a/?key=k", "https://a/v1/logs?key=k", "https://a/v1/metrics?key=k");
}

static void no_urls(void **state)
{
	static const char *const texts[] = { "",
					     "collector",
					     "collector:4318",
					     "/v1/logs",
					     "ftp://a",
					     "file:///etc/passwd",
					     "gopher://a",
					     "http://",
					     "http://a:99999",
					     "http://a:x",
					     "http://user:secret@a",
					     "http://a b",
					     "http://a\n/" };

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		fails(texts[i]);
}

static void endpoints_of_the_environment(void **state)
{
	(void)state;
	goes_to("env", "http://localhost:4318/v1/logs", "http://localhost:4318/v1/metrics");
	setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://b:1/", 1);
	goes_to("env", "http://b:1/v1/logs", "http://b:1/v1/metrics");
	/* of one kind: as it is */
	setenv("OTEL_EXPORTER_OTLP_LOGS_ENDPOINT", "https://c/in", 1);
	goes_to("env", "https://c/in", "http://b:1/v1/metrics");
	setenv("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "", 1);
	goes_to("env", "https://c/in", "http://b:1/v1/metrics");
	/* what the command line says comes first */
	goes_to("http://a", "http://a/v1/logs", "http://a/v1/metrics");
	setenv("OTEL_EXPORTER_OTLP_LOGS_ENDPOINT", "c", 1);
	fails("env");
}

static const char *where_has_no_secret(struct otlp_config *c)
{
	assert_int_equal(reads(c, "https://a/in?key=secret"), EXIT_OK);
	return c->where[OTLP_LOGS];
}

static void messages_have_no_query(void **state)
{
	struct otlp_config c;

	(void)state;
	assert_string_equal(where_has_no_secret(&c), "https://a/in/v1/logs");
	otlp_config_free(&c);
}

/* Whether such a line is among the headers of a kind. */
static bool has(const struct otlp_config *c, enum otlp_signal signal, const char *line)
{
	const struct curl_slist *h = c->headers[signal];

	while (h && strcmp(h->data, line))
		h = h->next;
	return h;
}

static void headers(void **state)
{
	struct otlp_config c;

	(void)state;
	setenv("OTEL_EXPORTER_OTLP_HEADERS",
	       " api-key = k%20e%2Cy=%3d ,,authorization=Basic dTpw, empty=", 1);
	setenv("OTEL_EXPORTER_OTLP_METRICS_HEADERS", "api-key=other", 1);
	assert_int_equal(reads(&c, "http://a"), EXIT_OK);
	assert_true(has(&c, OTLP_LOGS, "api-key: k e,y=="));
	assert_true(has(&c, OTLP_LOGS, "authorization: Basic dTpw"));
	assert_true(has(&c, OTLP_LOGS, "empty;"));
	assert_true(has(&c, OTLP_LOGS, "Content-Type: application/json"));
	assert_false(has(&c, OTLP_LOGS, "Content-Encoding: gzip"));
	assert_true(has(&c, OTLP_METRICS, "api-key: other"));
	assert_false(has(&c, OTLP_METRICS, "authorization: Basic dTpw"));
	otlp_config_free(&c);
}

static void hostile_headers(void **state)
{
	static const char *const texts[] = { "a",
					     "=b",
					     "a=b%0d%0aHost:%20evil",
					     "a=b%0ac",
					     "a=%00",
					     "a=%ff",
					     "a b=c",
					     "a:b=c",
					     "\xff=c",
					     "Content-Length=0",
					     "content-type=text/plain",
					     "Transfer-Encoding=chunked",
					     "fine=1,a" };

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		setenv("OTEL_EXPORTER_OTLP_HEADERS", texts[i], 1);
		fails("http://a");
	}
}

static bool secret(const struct otlp_config *c, const char *text)
{
	return otlp_secret(c, OTLP_LOGS, text, strlen(text));
}

static void secrets(void **state)
{
	struct otlp_config c;

	(void)state;
	setenv("OTEL_EXPORTER_OTLP_HEADERS", "authorization=Bearer%20t0k3n,key=k3y,empty=", 1);
	assert_int_equal(reads(&c, "http://a"), EXIT_OK);
	assert_true(secret(&c, "not with Bearer t0k3n"));
	assert_true(secret(&c, "{\"message\":\"t0k3n is no token\"}"));
	assert_true(secret(&c, "k3y"));
	assert_false(secret(&c, "authorization, key: not with these"));
	assert_false(secret(&c, "only application/json is taken, not Bearer t0k3"));
	assert_false(secret(&c, ""));
	otlp_config_free(&c);
}

static void numbers(void **state)
{
	static const char *const unusable[] = {
		"0", "-1", "1e3", "3600001", "10s", " 5", "99999999999999999999"
	};
	struct otlp_config c;

	(void)state;
	setenv("OTEL_EXPORTER_OTLP_TIMEOUT", "250", 1);
	setenv("OTEL_METRIC_EXPORT_INTERVAL", "1500", 1);
	assert_int_equal(reads(&c, "http://a"), EXIT_OK);
	assert_int_equal(c.timeout_ms, 250);
	assert_int_equal(c.interval_ns, 1500000000);
	otlp_config_free(&c);
	for (size_t i = 0; i < sizeof(unusable) / sizeof(*unusable); i++) {
		setenv("OTEL_EXPORTER_OTLP_TIMEOUT", unusable[i], 1);
		setenv("OTEL_METRIC_EXPORT_INTERVAL", unusable[i], 1);
		assert_int_equal(reads(&c, "http://a"), EXIT_OK);
		assert_int_equal(c.timeout_ms, 10000);
		assert_int_equal(c.interval_ns, 60000000000);
		otlp_config_free(&c);
	}
}

static bool compresses(const char *text, bool option)
{
	const struct options o = { .otlp = "http://a", .otlp_gzip = option };
	struct otlp_config c;
	bool gzip;

	setenv("OTEL_EXPORTER_OTLP_COMPRESSION", text, 1);
	assert_int_equal(otlp_config_read(&c, &o), EXIT_OK);
	gzip = c.gzip;
	assert_int_equal(has(&c, OTLP_LOGS, "Content-Encoding: gzip"), gzip);
	otlp_config_free(&c);
	return gzip;
}

static void compression(void **state)
{
	(void)state;
	assert_true(compresses("gzip", false));
	assert_true(compresses("none", true));
	assert_false(compresses("none", false));
	assert_false(compresses("", false));
	assert_false(compresses("zstd", false));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(urls, fresh),
		cmocka_unit_test_setup(no_urls, fresh),
		cmocka_unit_test_setup(endpoints_of_the_environment, fresh),
		cmocka_unit_test_setup(messages_have_no_query, fresh),
		cmocka_unit_test_setup(headers, fresh),
		cmocka_unit_test_setup(hostile_headers, fresh),
		cmocka_unit_test_setup(secrets, fresh),
		cmocka_unit_test_setup(numbers, fresh),
		cmocka_unit_test_setup(compression, fresh),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
