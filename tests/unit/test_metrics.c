// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Lines of a stream, counted, and the page of metrics that comes of them. */
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "export/ephemeral.h"
#include "export/prometheus_text.h"
#include "replayed.h"

#define BIND_8000                                                                                  \
	"bindtrace_failures_total{operation=\"bind\",errno=\"EADDRINUSE\",reason=\"time_wait\","   \
	"protocol=\"tcp\",family=\"ipv4\"} "

struct counting {
	struct metrics *m;
	struct export_stream stream;
	struct export_line line;
	struct event event;
};

static struct counting *begin(unsigned ports)
{
	struct counting *c = calloc(1, sizeof(*c));

	c->m = metrics_new(ports);
	return c;
}

static void end(struct counting *c)
{
	metrics_free(c->m);
	free(c);
}

/* A line as a sink wrote it; the text is freed. What it says stays in c->line. */
static void count(struct counting *c, char *text)
{
	struct line line = { .bytes = text, .n = strlen(text), .number = 1, .ended = true };
	const char *wrong = export_line_read(&c->line, &line, &c->stream, &c->event);

	assert_null(wrong);
	metrics_line(c->m, &c->line);
	export_line_free(&c->line);
	free(text);
}

/* What a sink has written there; closes it. */
static char *written(int fd)
{
	char *text = fixture_read(fd);

	close(fd);
	return text;
}

static char *page(struct counting *c, uint64_t realtime_ns, enum prometheus_format format)
{
	char *text = NULL;
	size_t n;
	FILE *out = open_memstream(&text, &n);

	assert_int_equal(prometheus_text(out, c->m, realtime_ns, format), 0);
	fclose(out);
	return text;
}

static void shows_at(struct counting *c, uint64_t realtime_ns, const char *wanted, bool there)
{
	char *text = page(c, realtime_ns, PROMETHEUS_FILE);

	if (!strstr(text, wanted) == there)
		fail_msg("%s'%s' in:\n%s", there ? "no " : "", wanted, text);
	free(text);
}

static void shows(struct counting *c, const char *wanted)
{
	shows_at(c, FIXTURE_REALTIME_NS, wanted, true);
}

static void lacks(struct counting *c, const char *wanted)
{
	shows_at(c, FIXTURE_REALTIME_NS, wanted, false);
}

static const struct json_moment moment = { 1, FIXTURE_BOOTTIME_NS, FIXTURE_REALTIME_NS };

/* tcp 127.0.0.1:PORT because of a TIME_WAIT; adds -1: an older line, which does not say */
static void refuse(struct counting *c, uint16_t port, uint64_t incident, int64_t adds)
{
	struct event *e = fixture_time_wait();

	e->rec.sock.port = port;
	e->repeat = (struct repeat){ .count = 1, .incident = incident, .adds = adds };
	count(c, replayed_line(e));
	free(e);
}

static void fold(struct counting *c, uint32_t pid, uint64_t incident, int64_t adds)
{
	const struct folded of = fixture_folded(pid), nobody = { 0 };
	const struct repeat repeat = { .count = 9, .incident = incident, .adds = adds };
	int fd = fixture_open();

	assert_int_equal(json_folded(fd, &moment, &replayed_host, pid ? &of : &nobody, &repeat), 0);
	count(c, written(fd));
}

static void resolve(struct counting *c, uint64_t incident, uint64_t after_ns, int64_t adds)
{
	const struct resolution story = { .incident = incident,
					  .asked = { .family = AF_INET,
						     .protocol = IPPROTO_TCP,
						     .port = 8000,
						     .addr = { 127, 0, 0, 1 } },
					  .operation = BT_OP_BIND,
					  .after_ns = after_ns,
					  .adds = adds };
	const struct process who = { .pid = 4321, .comm = "python3" };
	int fd = fixture_open();

	assert_int_equal(json_resolved(fd, &moment, &replayed_host, &story, &who), 0);
	count(c, written(fd));
}

/* Every refusal is counted once, with the reason of its incident where its own line has none. */
static void refusals_are_counted_once(void **state)
{
	struct counting *c = begin(0);

	(void)state;
	refuse(c, 8000, 7, 1);
	shows(c, BIND_8000 "1\n");
	refuse(c, 8000, 7, 3);
	fold(c, 4242, 7, 5);
	assert_int_equal(c->line.refusals, 5);
	resolve(c, 7, 1, 2);
	shows(c, BIND_8000 "11\n");
	refuse(c, 8000, 8, -1);
	refuse(c, 8000, 8, 0);
	shows(c, BIND_8000 "12\n");
	shows(c, "bindtrace_last_failure_timestamp_seconds 1795426867.123");
	/* of an incident nobody has told of, and of nobody knows what */
	fold(c, 4242, 99, 1);
	shows(c, "{operation=\"bind\",errno=\"EADDRINUSE\",reason=\"unknown\",protocol=\"tcp\","
		 "family=\"ipv4\"} 1\n");
	fold(c, 0, 0, 4);
	shows(c, "{operation=\"unknown\",errno=\"unknown\",reason=\"unknown\",protocol=\"unknown\","
		 "family=\"unknown\"} 4\n");
	lacks(c, "8000\"");
	end(c);
}

static void losses_and_errors(void **state)
{
	struct counting *c = begin(0);
	int fd = fixture_open();

	(void)state;
	shows(c, "bindtrace_events_lost_total{stage=\"queue\"} 0\n");
	assert_int_equal(json_lost(fd, &moment, &replayed_host, "ring_buffer", 6), 0);
	count(c, written(fd));
	metrics_lost(c->m, "export", 2);
	metrics_lost(c->m, "export", 1);
	shows(c, "bindtrace_events_lost_total{stage=\"ring_buffer\"} 6\n");
	shows(c, "bindtrace_events_lost_total{stage=\"export\"} 3\n");
	/* a word that is no stage of ours is no label, and its refusals are lost nevertheless */
	lacks(c, "stage=\"unknown\"");
	for (int i = 0; i < 10; i++) {
		char stage[] = { 's', (char)('0' + i), '\0' };

		fd = fixture_open();
		assert_int_equal(json_lost(fd, &moment, &replayed_host, stage, 1), 0);
		count(c, written(fd));
	}
	shows(c, "bindtrace_events_lost_total{stage=\"unknown\"} 10\n");
	lacks(c, "stage=\"s");
	lacks(c, "bindtrace_export_errors_total");
	metrics_export_errors(c->m, "textfile", 0);
	shows(c, "bindtrace_export_errors_total{exporter=\"textfile\"} 0\n");
	metrics_export_errors(c->m, "textfile", 2);
	shows(c, "bindtrace_export_errors_total{exporter=\"textfile\"} 2\n");
	end(c);
}

/* More kinds than there can be: what finds no place is counted as one of which nothing is known, and that only once. */
static void kinds_have_a_cap(void **state)
{
	enum { KINDS = 3000, ROOM = 1023 };
	const char unknown[] = "{operation=\"unknown\",errno=\"unknown\",reason=\"unknown\","
			       "protocol=\"unknown\",family=\"unknown\"}";
	struct counting *c = begin(0);
	char expected[256], *text;

	(void)state;
	for (unsigned i = 0; i < KINDS; i++) {
		struct export_line l = { .kind = KIND_FOLDED, .refusals = 1 };

		l.error = (uint16_t)(1 + i % 100);
		l.folded.key = (struct bt_fold_key){ .operation = BT_OP_BIND,
						     .family = (uint8_t)(1 + i / 100) };
		metrics_line(c->m, &l);
	}
	snprintf(expected, sizeof(expected), "%s %d\n", unknown, KINDS - ROOM);
	shows(c, expected);
	text = page(c, FIXTURE_REALTIME_NS, PROMETHEUS_FILE);
	assert_null(strstr(strstr(text, unknown) + 1, unknown));
	free(text);
	end(c);
}

/* How long a port is waited for gets less, and is gone when it frees or somebody got it. */
static void port_waits_pass(void **state)
{
	const uint64_t second = 1000000000;
	struct counting *c = begin(2);
	struct event *e = fixture_time_wait();
	uint64_t frees_ns = e->realtime_ns + (uint64_t)e->verdict.frees_in_ns;

	(void)state;
	assert_true(e->verdict.has_frees_in);
	refuse(c, 8000, 7, 1);
	shows_at(c, frees_ns - 10 * second,
		 "bindtrace_port_wait_seconds{port=\"8000\",protocol=\"tcp\"} 10\n", true);
	shows_at(c, frees_ns - second / 2,
		 "bindtrace_port_wait_seconds{port=\"8000\",protocol=\"tcp\"} 0.5\n", true);
	shows_at(c, frees_ns, "port_wait", false);
	shows_at(c, UINT64_MAX, "port_wait", false);
	resolve(c, 7, 1, 0);
	shows_at(c, frees_ns - 10 * second, "port_wait", false);
	/* refused again because of what does not end by itself */
	refuse(c, 8000, 7, 1);
	shows_at(c, frees_ns - second, "port_wait", true);
	free(e);
	e = fixture_listener();
	e->rec.sock.port = 8000;
	count(c, replayed_line(e));
	shows_at(c, frees_ns - second, "port_wait", false);
	free(e);
	end(c);
}

static void ports_have_a_cap(void **state)
{
	struct counting *c = begin(2);

	(void)state;
	refuse(c, 8000, 7, 4);
	refuse(c, 8001, 8, 1);
	refuse(c, 8002, 9, 1);
	fold(c, 4242, 7, 2);
	shows(c, "bindtrace_port_failures_total{port=\"8000\",protocol=\"tcp\"} 6\n");
	shows(c, "bindtrace_port_failures_total{port=\"8001\",protocol=\"tcp\"} 1\n");
	lacks(c, "port=\"8002\"");
	shows(c, BIND_8000 "8\n");
	end(c);
}

/* A duration belongs to the bucket whose bound it does not exceed; each bucket has those below it, too. */
static void durations(void **state)
{
	struct counting *c = begin(0);

	(void)state;
	resolve(c, 1, 100000000, 0);
	resolve(c, 2, 100000001, 0);
	resolve(c, 3, 7200000000000, 0);
	shows(c, "bindtrace_incident_duration_seconds_bucket{le=\"0.1\"} 1\n");
	shows(c, "bindtrace_incident_duration_seconds_bucket{le=\"1\"} 2\n");
	shows(c, "bindtrace_incident_duration_seconds_bucket{le=\"3600\"} 2\n");
	shows(c, "bindtrace_incident_duration_seconds_bucket{le=\"+Inf\"} 3\n");
	shows(c, "bindtrace_incident_duration_seconds_count 3\n");
	shows(c, "bindtrace_incident_duration_seconds_sum 7200.2\n");
	shows(c, "bindtrace_resolved_total{how=\"bound\"} 3\n");
	end(c);
}

static void ephemeral(void **state)
{
	const struct ephemeral_ports ports = { 28232, 10, 7 };
	struct counting *c = begin(0);

	(void)state;
	lacks(c, "ephemeral");
	metrics_ephemeral(c->m, &ports);
	shows(c, "bindtrace_ephemeral_ports{state=\"size\"} 28232\n");
	shows(c, "bindtrace_ephemeral_ports{state=\"reserved\"} 10\n");
	shows(c, "bindtrace_ephemeral_ports{state=\"taken\"} 7\n");
	metrics_ephemeral(c->m, NULL);
	lacks(c, "ephemeral");
	end(c);
}

/* What a header says is quoted as the format has it. */
static void quoting(void **state)
{
	struct host_facts host = { .host = "web1", .kernel = "6.1 \"x\\y\nz" };
	const struct coverage coverage = { .hook = BT_HOOK_FEXIT };
	char *argv[] = { "bindtrace", NULL };
	struct counting *c = begin(0);
	int fd = fixture_open();

	(void)state;
	lacks(c, "build_info");
	assert_int_equal(json_header(fd, &moment, &host, &coverage, "0.1.0", 1, argv), 0);
	count(c, written(fd));
	shows(c, "bindtrace_build_info{version=\"0.1.0\",kernel=\"6.1 "
		 "\\\"x\\\\y\\nz\",hook=\"fexit\"} 1\n");
	end(c);
}

/* OpenMetrics names a family without _total, knows infos, has floats as bounds, and an end. */
static void openmetrics(void **state)
{
	struct counting *c = begin(0);
	char *text;
	size_t n;

	(void)state;
	refuse(c, 8000, 7, 1);
	text = page(c, FIXTURE_REALTIME_NS, PROMETHEUS_OPENMETRICS);
	n = strlen(text);
	assert_string_equal(text + n - 6, "# EOF\n");
	assert_non_null(strstr(text, "# TYPE bindtrace_failures counter\n"));
	assert_non_null(strstr(text, BIND_8000 "1\n"));
	assert_non_null(strstr(text, "_bucket{le=\"60.0\"} 0\n"));
	assert_non_null(strstr(text, "# UNIT process_cpu_seconds seconds\n"));
	free(text);
	text = page(c, FIXTURE_REALTIME_NS, PROMETHEUS_TEXT);
	assert_non_null(strstr(text, "# TYPE bindtrace_failures_total counter\n"));
	assert_non_null(strstr(text, "\nprocess_open_fds "));
	assert_null(strstr(text, "# EOF"));
	free(text);
	text = page(c, FIXTURE_REALTIME_NS, PROMETHEUS_FILE);
	assert_null(strstr(text, "process_")); /* node_exporter has its own */
	free(text);
	end(c);
}

/* A line that cannot be used says why, and counts nothing. */
static void unusable_lines(void **state)
{
	static const struct {
		const char *text, *why;
	} lines[] = {
		{ "{\"schema\":\"bindtrace/1\",\"kind\":\"failure\",\"port\":\"x\"}\n",
		  "has a value that cannot be used" },
		{ "{\"schema\":\"bindtrace/2\",\"kind\":\"failure\"}\n",
		  "is of another schema than bindtrace/1" },
		{ "{\"kind\":\"failure\"}\n", "is not bindtrace's" },
		{ "[]\n", "is not a JSON object" },
	};
	struct counting *c = begin(0);

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
		struct line line = { .bytes = lines[i].text,
				     .n = strlen(lines[i].text),
				     .ended = true };
		const char *wrong = export_line_read(&c->line, &line, &c->stream, &c->event);

		assert_non_null(wrong);
		assert_string_equal(wrong, lines[i].why);
	}
	end(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refusals_are_counted_once),
		cmocka_unit_test(losses_and_errors),
		cmocka_unit_test(kinds_have_a_cap),
		cmocka_unit_test(port_waits_pass),
		cmocka_unit_test(ports_have_a_cap),
		cmocka_unit_test(durations),
		cmocka_unit_test(ephemeral),
		cmocka_unit_test(quoting),
		cmocka_unit_test(openmetrics),
		cmocka_unit_test(unusable_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
