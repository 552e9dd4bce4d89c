// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Lines as OTLP's log records, value for value. */
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "export/otlp_json.h"
#include "export/otlp_logs.h"
#include "replayed.h"
#include "wire.h"

#define OBSERVED_NS 1795426868000000000ull

static struct export_stream stream;
static struct event event;

/* The record of a line as one knows it from the wire; the line is freed. NULL: it is none. */
static char *record(char *text)
{
	struct line line = { .bytes = text, .n = strlen(text), .number = 1, .ended = true };
	struct export_line l;
	char *json;
	size_t n;

	assert_null(export_line_read(&l, &line, &stream, &event));
	assert_int_equal(otlp_log_record(&json, &n, &l, OBSERVED_NS), 0);
	if (json)
		assert_int_equal(strlen(json), n);
	export_line_free(&l);
	free(text);
	return json;
}

/* A record with these and nothing else; got is freed. */
static void is_record(char *got, int number, const char *severity, const char *name,
		      const char *body, const struct attribute *attributes)
{
	char *wanted = NULL;
	size_t n = 0;
	FILE *out = open_memstream(&wanted, &n);

	wire_attributes(out, attributes);
	fprintf(out,
		",\"timeUnixNano\":\"%llu\",\"observedTimeUnixNano\":\"%llu\",\"severityNumber\":%"
		"d,"
		"\"severityText\":\"%s\",\"eventName\":\"%s\",\"body\":{\"stringValue\":\"%s\"}}",
		FIXTURE_REALTIME_NS, OBSERVED_NS, number, severity, name, body);
	fclose(out);
	wire_same(got, wanted);
	free(wanted);
}

static void a_refusal(void **state)
{
	static const struct attribute attributes[] = {
		{ "bindtrace.reason", TEXT, "time_wait" },
		{ "bindtrace.kind", TEXT, "failure" },
		{ "bindtrace.seq", INT, "7" },
		{ "bindtrace.operation", TEXT, "bind" },
		{ "error.type", TEXT, "EADDRINUSE" },
		{ "bindtrace.errno_number", INT, "98" },
		{ "bindtrace.netns", INT, "4026531840" },
		{ "bindtrace.process.parent.name", TEXT, "bash" },
		{ "bindtrace.process.unit", TEXT, "user@1000.service" },
		{ "bindtrace.repeat.count", INT, "1" },
		{ "bindtrace.incident", INT, "7" },
		{ "bindtrace.refusals", INT, "1" },
		{ "network.transport", TEXT, "tcp" },
		{ "network.type", TEXT, "ipv4" },
		{ "network.local.address", TEXT, "127.0.0.1" },
		{ "network.local.port", INT, "8000" },
		{ "process.pid", INT, "4242" },
		{ "process.parent_pid", INT, "4100" },
		{ "process.executable.name", TEXT, "python3" },
		{ "process.command_args", LIST, APP },
		{ "process.user.id", INT, "1000" },
		{ "process.user.name", TEXT, "ana" },
		{ "process.creation.time", TEXT, "2026-11-23T09:28:29.123456789Z" },
		{ "bindtrace.layer", TEXT, "port_table" },
		{ "bindtrace.frees_in", DOUBLE, "60.38" },
		{ "bindtrace.frees_at", TEXT, "2026-11-23T09:42:07.503456789Z" },
		{ "bindtrace.socket.reuse_address", BOOL, "false" },
		{ "bindtrace.socket.reuse_port", BOOL, "false" },
		{ "bindtrace.holders.total", INT, "1" },
		{ "bindtrace.holders.blocking", INT, "1" },
		{ "bindtrace.holders.truncated", BOOL, "false" },
		{ "bindtrace.hook", TEXT, "fexit" },
		{ "bindtrace.missing", LIST, "{}" },
		{ "bindtrace.advice", LIST,
		  "{\"values\":[{\"stringValue\":\"wait until then, or move to another "
		  "port\"},{\"stringValue\":\"set SO_REUSEADDR before bind() in app.py: it helps "
		  "from the restart after this one\"}]}" },
		{ "bindtrace.holder.role", TEXT, "time_wait" },
		{ "bindtrace.holder.state", TEXT, "time_wait" },
		{ "bindtrace.holder.address", TEXT, "127.0.0.1" },
		{ "bindtrace.holder.port", INT, "8000" },
		{ "bindtrace.holder.peer.address", TEXT, "127.0.0.1" },
		{ "bindtrace.holder.peer.port", INT, "51234" },
		{ "bindtrace.holder.reuse_address", BOOL, "false" },
		{ "bindtrace.holder.reuse_port", BOOL, "false" },
		{ "bindtrace.holder.overlap", TEXT, "same_address" },
		{ "bindtrace.holder.reuseaddr_refused", TEXT, "both_lack" },
		{ "bindtrace.holder.reuseport_refused", TEXT, "both_lack" },
		{ "bindtrace.time_wait.remaining", DOUBLE, "60.38" },
		{ "bindtrace.holder.closed_by.process.pid", INT, "4188" },
		{ "bindtrace.holder.closed_by.process.executable.name", TEXT, "python3" },
		{ "bindtrace.holder.closed_by.process.command_args", LIST, APP },
		{ "bindtrace.holder.closed_by.process.user.id", INT, "1000" },
		{ "bindtrace.holder.closed_by.process.creation.time", TEXT,
		  "2026-11-23T09:27:35.123456789Z" },
		{ 0 },
	};
	struct event *e = fixture_time_wait();

	(void)state;
	e->repeat = (struct repeat){ .count = 1, .incident = 7, .adds = 1 };
	is_record(record(replayed_line(e)), 13, "WARN", "bindtrace.bind.failure",
		  "bind refused: tcp 127.0.0.1:8000 EADDRINUSE, python3[4242]; neither socket "
		  "set SO_REUSEADDR; the old connection keeps the port; closed by "
		  "python3[4188]; frees in 60.4 s",
		  attributes);
	free(e);
}

static const struct json_moment moment = { 3, FIXTURE_BOOTTIME_NS, FIXTURE_REALTIME_NS };

/* What a sink has written there; closes it. */
static char *written(int fd)
{
	char *text = fixture_read(fd);

	close(fd);
	return text;
}

static void folded(void **state)
{
	static const struct attribute attributes[] = {
		{ "bindtrace.reason", TEXT, "time_wait" },
		{ "bindtrace.kind", TEXT, "folded" },
		{ "bindtrace.seq", INT, "3" },
		{ "bindtrace.operation", TEXT, "bind" },
		{ "error.type", TEXT, "EADDRINUSE" },
		{ "bindtrace.errno_number", INT, "98" },
		{ "bindtrace.netns", INT, "0" },
		{ "bindtrace.repeat.count", INT, "9" },
		{ "bindtrace.incident", INT, "7" },
		{ "bindtrace.refusals", INT, "8" },
		{ "network.transport", TEXT, "tcp" },
		{ "network.type", TEXT, "ipv4" },
		{ "network.local.address", TEXT, "127.0.0.1" },
		{ "network.local.port", INT, "8000" },
		{ "process.pid", INT, "4242" },
		{ "process.executable.name", TEXT, "python3" },
		{ 0 },
	};
	const struct folded of = fixture_folded(4242);
	const struct repeat repeat = { .count = 9, .incident = 7, .adds = 8 };
	int fd = fixture_open();

	(void)state;
	assert_int_equal(json_folded(fd, &moment, &replayed_host, &of, &repeat), 0);
	is_record(record(written(fd)), 13, "WARN", "bindtrace.failure.folded",
		  "8 more refusals of bind tcp 127.0.0.1:8000 (EADDRINUSE) to python3[4242]",
		  attributes);
}

static void resolved(void **state)
{
	static const struct attribute attributes[] = {
		{ "bindtrace.reason", TEXT, "time_wait" },
		{ "bindtrace.kind", TEXT, "resolved" },
		{ "bindtrace.seq", INT, "3" },
		{ "bindtrace.operation", TEXT, "bind" },
		{ "bindtrace.netns", INT, "0" },
		{ "bindtrace.refusals", INT, "0" },
		{ "network.transport", TEXT, "tcp" },
		{ "network.type", TEXT, "ipv4" },
		{ "network.local.address", TEXT, "127.0.0.1" },
		{ "network.local.port", INT, "8000" },
		{ "process.pid", INT, "4300" },
		{ "process.executable.name", TEXT, "python3" },
		{ "process.command_args", LIST, APP },
		{ "process.user.id", INT, "1000" },
		{ "process.creation.time", TEXT, "2026-11-23T09:29:27.123456789Z" },
		{ "bindtrace.incident", INT, "7" },
		{ "bindtrace.how", TEXT, "bound" },
		{ "bindtrace.after", DOUBLE, "61.5" },
		{ "bindtrace.incident.refusals", INT, "9" },
		{ 0 },
	};
	const struct resolution story = { .incident = 7,
					  .asked = { .family = AF_INET,
						     .protocol = IPPROTO_TCP,
						     .port = 8000,
						     .addr = { 127, 0, 0, 1 } },
					  .operation = BT_OP_BIND,
					  .after_ns = 61500000000,
					  .refusals = 9,
					  .adds = 0 };
	struct process who;
	int fd = fixture_open();

	(void)state;
	fixture_process(&who, 4300, "python3", "python3\0app.py", sizeof("python3\0app.py"));
	assert_int_equal(json_resolved(fd, &moment, &replayed_host, &story, &who), 0);
	is_record(record(written(fd)), 9, "INFO", "bindtrace.port.resolved",
		  "tcp 127.0.0.1:8000 bound by python3[4300] after 61.5 s and 9 refusals",
		  attributes);
}

static void lost(void **state)
{
	static const struct attribute attributes[] = {
		{ "bindtrace.kind", TEXT, "lost" },
		{ "bindtrace.seq", INT, "3" },
		{ "bindtrace.stage", TEXT, "queue" },
		{ "bindtrace.lost", INT, "5" },
		{ 0 },
	};
	int fd = fixture_open();

	(void)state;
	assert_int_equal(json_lost(fd, &moment, &replayed_host, "queue", 5), 0);
	is_record(record(written(fd)), 13, "WARN", "bindtrace.events.lost",
		  "5 refusals were lost in queue", attributes);
}

static void nothing_that_happened(void **state)
{
	const struct totals totals = { 0 };
	int fd = fixture_open();

	(void)state;
	assert_int_equal(json_footer(fd, &moment, &replayed_host, &totals), 0);
	assert_null(record(written(fd)));
	assert_null(record(strdup("{\"schema\":\"bindtrace/1\",\"kind\":\"new\"}\n")));
}

/* What lines that nobody's bindtrace has written can have in them. */
static void hostile_values(void **state)
{
	static const char line[] =
		"{\"schema\":\"bindtrace/1\",\"kind\":\"failure\",\"netns\":18446744073709551615,"
		"\"coverage\":{\"hook\":1e999,\"missing\":{\"a\":{\"b\":null,\"c\":-5},\"d\":"
		"[[[[[[[[[[1]]]]]]]]]]}},\"advice\":[{\"text\":\"a\\u0000\\u0007b\"}]}\n";
	static const char *const wanted[] = {
		"{\"stringValue\":\"18446744073709551615\"}",
		"\"values\":[{\"key\":\"c\",\"value\":{\"doubleValue\":-5.0}}]",
		"{\"values\":[{\"stringValue\":\"a\\u0000\\u0007b\"}]}",
		"\"arrayValue\":{}",
	};
	char *json = record(strdup(line));

	(void)state;
	for (size_t i = 0; i < sizeof(wanted) / sizeof(*wanted); i++)
		if (!strstr(json, wanted[i]))
			fail_msg("no %s in %s", wanted[i], json);
	assert_null(strstr(json, "bindtrace.hook"));
	free(json);
}

/* Cut between two characters. */
static void long_text(void **state)
{
	enum { N = 3 * OTLP_MOST_TEXT };
	char bytes[N], *json;
	const struct value v = { .type = VALUE_STRING, .n = N, .text = bytes };
	size_t n;

	(void)state;
	for (size_t i = 0; i + 3 <= sizeof(bytes); i += 3)
		memcpy(bytes + i, "\u20ac", 3);
	json = otlp_print(otlp_value(&v), &n);
	assert_int_equal(n, strlen("{'stringValue':''}") + OTLP_MOST_TEXT / 3 * 3);
	free(json);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_refusal),
		cmocka_unit_test(folded),
		cmocka_unit_test(resolved),
		cmocka_unit_test(lost),
		cmocka_unit_test(nothing_that_happened),
		cmocka_unit_test(hostile_values),
		cmocka_unit_test(long_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
