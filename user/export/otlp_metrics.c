// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "export/otlp_metrics.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "export/otlp_json.h"

/* AggregationTemporality of opentelemetry/proto/metrics/v1/metrics.proto */
enum { CUMULATIVE = 2 };

struct request {
	uint64_t since_ns, now_ns; /* wall time */
	struct json_object *metrics;
	const struct metric_family *family; /* of the latest metric, whose points are these */
	struct json_object *points;
};

/* sum, gauge or histogram: what is told of all points */
static struct json_object *data(const struct metric_family *f, struct json_object *points)
{
	struct json_object *o = json_object_new_object();

	if (f->type == METRIC_COUNTER || f->type == METRIC_HISTOGRAM)
		otlp_put(o, "aggregationTemporality", json_object_new_int(CUMULATIVE));
	if (f->type == METRIC_COUNTER)
		otlp_put(o, "isMonotonic", json_object_new_boolean(true));
	otlp_put(o, "dataPoints", points);
	return o;
}

/* An info has no unit: "1" would be a ratio for who makes Prometheus' names of these. */
static void begin_metric(struct request *r, const struct metric_family *f)
{
	static const char *const kinds[] = { "sum", "gauge", "gauge", "histogram" };
	struct json_object *o = json_object_new_object();
	char name[96];

	snprintf(name, sizeof(name), "bindtrace.%s%s", f->name,
		 f->type == METRIC_INFO ? "_info" : "");
	otlp_put(o, "name", json_object_new_string(name));
	otlp_put(o, "description", json_object_new_string(f->help));
	if (f->type != METRIC_INFO)
		otlp_put(o, "unit", json_object_new_string(f->otlp_unit));
	r->family = f;
	r->points = json_object_new_array();
	otlp_put(o, kinds[f->type], data(f, r->points));
	json_object_array_add(r->metrics, o);
}

static struct json_object *attributes(const struct metric_sample *s)
{
	struct json_object *list = json_object_new_array();

	for (unsigned i = 0; i < s->n_labels; i++) {
		const struct metric_label *l = &s->labels[i];

		if (!strcmp(l->key, "network.local.port"))
			otlp_add_u64(list, l->key, strtoull(l->value, NULL, 10));
		else
			otlp_add_text(list, l->key, l->value);
	}
	return list;
}

static void put_histogram(struct json_object *o, const struct metric_sample *s)
{
	struct json_object *bounds = json_object_new_array(), *counts = json_object_new_array();
	char digits[24];

	for (unsigned i = 0; i < s->n_bounds; i++)
		json_object_array_add(bounds, json_object_new_double(s->bounds[i]));
	for (unsigned i = 0; i <= s->n_bounds; i++) {
		snprintf(digits, sizeof(digits), "%llu", (unsigned long long)s->buckets[i]);
		json_object_array_add(counts, json_object_new_string(digits));
	}
	otlp_put_u64(o, "count", s->count);
	otlp_put(o, "sum", json_object_new_double(s->sum));
	otlp_put(o, "bucketCounts", counts);
	otlp_put(o, "explicitBounds", bounds);
}

/* What counts things is whole; a series must not change between the two kinds of numbers. */
static int add_sample(void *context, const struct metric_sample *s)
{
	struct request *r = context;
	struct json_object *o = json_object_new_object();

	if (r->family != s->family)
		begin_metric(r, s->family);
	if (s->n_labels)
		otlp_put(o, "attributes", attributes(s));
	if (s->family->type == METRIC_COUNTER || s->family->type == METRIC_HISTOGRAM)
		otlp_put_u64(o, "startTimeUnixNano", r->since_ns);
	otlp_put_u64(o, "timeUnixNano", r->now_ns);
	if (s->family->type == METRIC_HISTOGRAM)
		put_histogram(o, s);
	else if (s->family->otlp_unit[0] == '{')
		otlp_put_u64(o, "asInt", (uint64_t)s->value);
	else
		otlp_put(o, "asDouble", json_object_new_double(s->value));
	json_object_array_add(r->points, o);
	return 0;
}

static struct json_object *list_of(struct json_object *o)
{
	struct json_object *list = json_object_new_array();

	json_object_array_add(list, o);
	return list;
}

static struct json_object *part_json(const struct otlp_metrics_part *part, struct request *r)
{
	struct json_object *scope = json_object_new_object(), *of = json_object_new_object();

	r->metrics = json_object_new_array();
	r->family = NULL;
	if (part->own)
		metrics_visit_own(part->metrics, add_sample, r);
	else
		metrics_visit(part->metrics, r->now_ns, add_sample, r);
	otlp_put(scope, "scope", otlp_scope());
	otlp_put(scope, "metrics", r->metrics);
	otlp_put(of, "resource", json_tokener_parse(part->resource));
	otlp_put(of, "scopeMetrics", list_of(scope));
	return of;
}

char *otlp_metrics_request(const struct otlp_metrics_part *parts, unsigned n_parts,
			   uint64_t since_ns, uint64_t realtime_ns, size_t *n)
{
	struct request r = { .since_ns = since_ns, .now_ns = realtime_ns };
	struct json_object *root = json_object_new_object(), *list = json_object_new_array();

	for (unsigned i = 0; i < n_parts; i++)
		json_object_array_add(list, part_json(&parts[i], &r));
	otlp_put(root, "resourceMetrics", list);
	return otlp_print(root, n);
}
