// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Where OTLP comes from, and what is counted, as its JSON, value for value; and what waits to be sent. */
#include <errno.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/version.h"
#include "export/otlp_batch.h"
#include "export/otlp_hosts.h"
#include "export/otlp_metrics.h"
#include "replayed.h"
#include "wire.h"

static struct export_stream stream;
static struct event event;

static void is_resource(char *got, const struct attribute *attributes)
{
	char *wanted = NULL;
	size_t n = 0;
	FILE *out = open_memstream(&wanted, &n);

	wire_attributes(out, attributes);
	fputs("}", out);
	fclose(out);
	wire_same(got, wanted);
	free(wanted);
}

static void a_resource(void **state)
{
	static const struct export_stream of = {
		.host = { .host = "web1", .kernel = "6.1.0", .machine = "x86_64", .boot_id = "b" },
		.version = "0.1.0"
	};
	static const struct otlp_identity who = {
		.instance = "i",
		.host_id = "m",
		.boot_id = "b",
		.attributes = "a=%C3%A4,service.name=x, host.name = other ,empty=",
	};
	static const struct attribute here[] = {
		{ "a", TEXT, "\u00e4" },
		{ "service.name", TEXT, "x" },
		{ "host.name", TEXT, "other" },
		{ "service.version", TEXT, "0.1.0" },
		{ "service.instance.id", TEXT, "i" },
		{ "host.id", TEXT, "m" },
		{ "host.arch", TEXT, "amd64" },
		{ "os.type", TEXT, "linux" },
		{ "os.version", TEXT, "6.1.0" },
		{ "bindtrace.boot_id", TEXT, "b" },
		{ 0 },
	};
	static const struct attribute there[] = {
		{ "service.name", TEXT, "mine" },
		{ "service.version", TEXT, "0.1.0" },
		{ "service.instance.id", TEXT, "i" },
		{ "host.name", TEXT, "web1" },
		{ "host.arch", TEXT, "amd64" },
		{ "os.type", TEXT, "linux" },
		{ "os.version", TEXT, "6.1.0" },
		{ "bindtrace.boot_id", TEXT, "b" },
		{ 0 },
	};
	struct otlp_identity elsewhere = who;

	(void)state;
	is_resource(otlp_resource(&of, &who), here);
	elsewhere.service = "mine";
	elsewhere.attributes = NULL;
	strcpy(elsewhere.boot_id, "c");
	is_resource(otlp_resource(&of, &elsewhere), there);
}

static int count_pairs(void *context, const char *key, const char *value)
{
	(void)key;
	(void)value;
	++*(int *)context;
	return 0;
}

static void hostile_pairs(void **state)
{
	static const char *const texts[] = {
		"a", "=b", "a=%00", "a=%ff", "\xff=a", "a=b,c", " =b"
	};
	int n = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		assert_int_equal(otlp_pairs(texts[i], count_pairs, &n), -EINVAL);
	n = 0;
	assert_int_equal(otlp_pairs(" , a=b,, c = d=e ,f=", count_pairs, &n), 0);
	assert_int_equal(n, 3);
}

/* The member at the end of a path; the metric of that name is looked for in lists of them. */
static struct json_object *metric(struct json_object *request, const char *name)
{
	struct json_object *o = request;
	static const char *const path[] = { "resourceMetrics", "scopeMetrics", "metrics" };

	for (int i = 0; i < 3; i++) {
		if (i)
			o = json_object_array_get_idx(o, 0);
		assert_true(json_object_object_get_ex(o, path[i], &o));
	}
	for (size_t i = 0; i < json_object_array_length(o); i++) {
		struct json_object *one = json_object_array_get_idx(o, i), *is = NULL;

		json_object_object_get_ex(one, "name", &is);
		if (!strcmp(json_object_get_string(is), name))
			return one;
	}
	fail_msg("no metric %s", name);
	return NULL;
}

static void holds(struct json_object *request, const char *name, const char *wanted)
{
	wire_same(strdup(json_object_to_json_string(metric(request, name))), wanted);
}

static void counted(struct metrics *m, char *text)
{
	struct line line = { .bytes = text, .n = strlen(text), .number = 1, .ended = true };
	struct export_line l;

	assert_null(export_line_read(&l, &line, &stream, &event));
	metrics_line(m, &l);
	export_line_free(&l);
	free(text);
}

static char *with_times(const struct metrics *m, const char *format)
{
	char *text;

	assert_true(asprintf(&text, format, (unsigned long long)metrics_since_ns(m)) > 0);
	return text;
}

static void holds_since(struct metrics *m, struct json_object *request, const char *name,
			const char *format)
{
	char *wanted = with_times(m, format);

	holds(request, name, wanted);
	free(wanted);
}

static void metrics_of_a_stream(void **state)
{
	struct metrics *m = metrics_new(4);
	const struct otlp_metrics_part part = { m, false, "{\"attributes\":[]}" };
	struct event *e = fixture_time_wait();
	struct json_object *request;
	char *json;
	size_t n;

	(void)state;
	e->repeat = (struct repeat){ .count = 1, .incident = 7, .adds = 3 };
	counted(m, replayed_line(e));
	metrics_lost(m, "export", 2);
	json = otlp_metrics_request(&part, 1, metrics_since_ns(m), FIXTURE_REALTIME_NS, &n);
	request = json_tokener_parse(json);
	holds_since(m, request, "bindtrace.failures",
		    "{\"name\":\"bindtrace.failures\",\"description\":\"Refused calls: bind, "
		    "listen, connect and automatic binds.\",\"unit\":\"{failure}\",\"sum\":{"
		    "\"aggregationTemporality\":2,\"isMonotonic\":true,\"dataPoints\":[{"
		    "\"attributes\":["
		    "{\"key\":\"bindtrace.operation\",\"value\":{\"stringValue\":\"bind\"}},"
		    "{\"key\":\"error.type\",\"value\":{\"stringValue\":\"EADDRINUSE\"}},"
		    "{\"key\":\"bindtrace.reason\",\"value\":{\"stringValue\":\"time_wait\"}},"
		    "{\"key\":\"network.transport\",\"value\":{\"stringValue\":\"tcp\"}},"
		    "{\"key\":\"network.type\",\"value\":{\"stringValue\":\"ipv4\"}}],"
		    "\"startTimeUnixNano\":\"%llu\",\"timeUnixNano\":\"1795426867123456789\","
		    "\"asInt\":\"3\"}]}}");
	holds(request, "bindtrace.port_wait",
	      "{\"name\":\"bindtrace.port_wait\",\"description\":\"Until a refused port frees "
	      "by itself; absent when it has.\",\"unit\":\"s\",\"gauge\":{\"dataPoints\":[{"
	      "\"attributes\":[{\"key\":\"network.local.port\",\"value\":{\"intValue\":\"8000\"}},"
	      "{\"key\":\"network.transport\",\"value\":{\"stringValue\":\"tcp\"}}],"
	      "\"timeUnixNano\":\"1795426867123456789\",\"asDouble\":60.38}]}}");
	holds_since(m, request, "bindtrace.incident_duration",
		    "{\"name\":\"bindtrace.incident_duration\",\"description\":\"From the first "
		    "refusal "
		    "of an endpoint until somebody got it.\",\"unit\":\"s\",\"histogram\":{"
		    "\"aggregationTemporality\":2,\"dataPoints\":[{\"startTimeUnixNano\":\"%llu\","
		    "\"timeUnixNano\":\"1795426867123456789\",\"count\":\"0\",\"sum\":0.0,"
		    "\"bucketCounts\":[\"0\",\"0\",\"0\",\"0\",\"0\",\"0\",\"0\",\"0\",\"0\",\"0\","
		    "\"0\"],"
		    "\"explicitBounds\":[0.1,1.0,5.0,15.0,30.0,60.0,120.0,300.0,900.0,3600.0]}]}}");
	json_object_put(request);
	free(json);
	free(e);
	metrics_free(m);
}

static struct otlp_shared *of_host(struct otlp_hosts *hosts, struct metrics *all, const char *host,
				   char *text)
{
	struct line line = { .bytes = text, .n = strlen(text), .number = 1, .ended = true };
	struct otlp_shared *resource;
	struct export_line l;

	strcpy(stream.host.host, host);
	assert_null(export_line_read(&l, &line, &stream, &event));
	metrics_line(all, &l);
	resource = otlp_hosts_line(hosts, &l);
	export_line_free(&l);
	free(text);
	return resource;
}

/* How many refusals are told of part i, whose Resource names the host, or none: -1: of none anything is told. */
static int64_t told_of(struct otlp_hosts *hosts, size_t parts, size_t i, const char *host)
{
	struct json_object *request, *list, *part, *o, *array, *point = NULL;
	int64_t told = -1;
	size_t n;
	char *json = otlp_hosts_request(hosts, FIXTURE_REALTIME_NS, &n);

	request = json_tokener_parse(json);
	list = json_object_object_get(request, "resourceMetrics");
	assert_int_equal(json_object_array_length(list), parts);
	part = json_object_array_get_idx(list, i);
	json = realloc(json, n + 1);
	strcpy(json, json_object_to_json_string(json_object_object_get(part, "resource")));
	assert_true(host ? !!strstr(json, host) : !strstr(json, "host.name"));
	o = json_object_array_get_idx(json_object_object_get(part, "scopeMetrics"), 0);
	array = json_object_object_get(o, "metrics");
	for (size_t k = 0; k < json_object_array_length(array); k++) {
		o = json_object_array_get_idx(array, k);
		if (strcmp(json_object_get_string(json_object_object_get(o, "name")),
			   "bindtrace.failures"))
			continue;
		o = json_object_object_get(json_object_object_get(o, "sum"), "dataPoints");
		point = json_object_array_get_idx(o, 0);
		told = json_object_get_int64(json_object_object_get(point, "asInt"));
	}
	json_object_put(request);
	free(json);
	return told;
}

/* Lines of two hosts by turns: each record has its own host's Resource, and metrics are never of a sum. */
static void two_hosts(void **state)
{
	static const struct otlp_identity who = { .instance = "i" };
	struct metrics *all = metrics_new(0);
	struct otlp_hosts *hosts = otlp_hosts_new(&who, all, 0);
	struct event *e = fixture_time_wait();
	struct otlp_shared *of[3];

	(void)state;
	assert_int_equal(told_of(hosts, 1, 0, NULL), -1);
	e->repeat = (struct repeat){ .count = 1, .incident = 7, .adds = 3 };
	of[0] = of_host(hosts, all, "web1", replayed_line(e));
	assert_int_equal(told_of(hosts, 1, 0, "web1"), 3);
	of[1] = of_host(hosts, all, "web2", replayed_line(e));
	of[2] = of_host(hosts, all, "web1", replayed_line(e));
	assert_ptr_equal(of[0], of[2]);
	assert_non_null(strstr(of[0]->json, "web1"));
	assert_non_null(strstr(of[1]->json, "web2"));
	assert_int_equal(told_of(hosts, 3, 0, "web1"), 6);
	assert_int_equal(told_of(hosts, 3, 1, "web2"), 3);
	assert_int_equal(told_of(hosts, 3, 2, NULL), -1);
	for (int i = 0; i < 3; i++)
		otlp_shared_drop(of[i]);
	otlp_hosts_free(hosts);
	metrics_free(all);
	free(e);
	stream = (struct export_stream){ 0 };
}

/* A Resource is said once for the records behind it; what waits is bounded, and leaves in its order. */
static bool put(struct queue *q, const char *record, uint64_t refusals, uint64_t now_ns,
		struct otlp_shared *about, uint64_t *before)
{
	const struct queued message = { .bytes = strdup(record),
					.n = strlen(record),
					.refusals = refusals,
					.since_ns = now_ns,
					.about = about };

	about->users++;
	return queue_put(q, &message, before);
}

static void a_queue(void **state)
{
	struct otlp_shared *a = otlp_shared_new(strdup("{\"a\":1}"));
	struct otlp_shared *b = otlp_shared_new(strdup("{\"b\":1}"));
	struct queue *q = queue_new(1000, 500, otlp_shared_drop);
	struct otlp_batch batch;
	uint64_t before;

	(void)state;
	otlp_batch_make(&batch, q, 512, 1000);
	assert_null(batch.json);
	assert_true(put(q, "1", 1, 5, a, &before));
	assert_true(put(q, "2", 0, 6, a, &before));
	assert_int_equal(before, 1);
	assert_true(put(q, "3", 9, 7, b, &before));
	otlp_batch_make(&batch, q, 512, 1000);
	assert_int_equal(batch.records, 3);
	assert_int_equal(batch.refusals, 10);
	wire_same(batch.json,
		  "{\"resourceLogs\":[{\"resource\":{\"a\":1},\"scopeLogs\":[{\"scope\":{"
		  "\"name\":\"bindtrace\",\"version\":\"" BINDTRACE_VERSION
		  "\"},\"logRecords\":[1,2]}]},{\"resource\":{\"b\":1},\"scopeLogs\":[{"
		  "\"scope\":{\"name\":\"bindtrace\",\"version\":\"" BINDTRACE_VERSION
		  "\"},\"logRecords\":[3]}]}]}");
	otlp_batch_make(&batch, q, 2, 1000);
	assert_int_equal(batch.records, 2);
	free(batch.json);
	/* one at least, however small the bound */
	otlp_batch_make(&batch, q, 512, 0);
	assert_int_equal(batch.records, 1);
	free(batch.json);
	assert_false(queue_full(q));
	assert_int_equal(queue_done(q, 2), 1);
	assert_int_equal(a->users, 1);
	assert_int_equal(queue_waiting(q).messages, 1);
	assert_int_equal(queue_waiting(q).since_ns, 7);
	while (put(q, "0123456789", 1, 8, a, &before))
		;
	assert_true(queue_full(q));
	assert_true(queue_waiting(q).bytes <= 1000 && before > 1);
	assert_int_equal(queue_done(q, UINT64_MAX), 9 + before - 1);
	assert_int_equal(queue_waiting(q).bytes, 0);
	queue_free(q);
	assert_int_equal(a->users, 1);
	otlp_shared_drop(a);
	otlp_shared_drop(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_resource),
		cmocka_unit_test(hostile_pairs),
		cmocka_unit_test(metrics_of_a_stream),
		cmocka_unit_test(two_hosts),
		cmocka_unit_test(a_queue),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
