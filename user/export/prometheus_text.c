// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "export/prometheus_text.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "export/process.h"

struct page {
	FILE *out;
	bool openmetrics;
	const char *prefix;
	const struct metric_family *family; /* whose lines come just now */
};

/* Without what a sample's name has at its end. */
static void name(const struct page *p, const struct metric_family *f)
{
	fprintf(p->out, "%s%s%s%s", p->prefix, f->name, f->unit ? "_" : "", f->unit ?: "");
}

static const char *suffix(const struct metric_family *f)
{
	return f->type == METRIC_COUNTER ? "_total" : f->type == METRIC_INFO ? "_info" : "";
}

/* OpenMetrics knows what the older format writes as a gauge, and names a family without its suffix. */
static void begin_family(struct page *p, const struct metric_family *f)
{
	static const char *const types[] = { "counter", "gauge", "gauge", "histogram" };
	const char *ending = p->openmetrics ? "" : suffix(f);

	p->family = f;
	fputs("# HELP ", p->out);
	name(p, f);
	fprintf(p->out, "%s %s\n# TYPE ", ending, f->help);
	name(p, f);
	fprintf(p->out, "%s %s\n", ending,
		p->openmetrics && f->type == METRIC_INFO ? "info" : types[f->type]);
	if (!p->openmetrics || !f->unit)
		return;
	fputs("# UNIT ", p->out);
	name(p, f);
	fprintf(p->out, " %s\n", f->unit);
}

static void quoted(FILE *out, const char *s)
{
	fputc('"', out);
	for (; *s; s++) {
		if (*s == '\n')
			fputs("\\n", out);
		else if (*s == '"' || *s == '\\')
			fprintf(out, "\\%c", *s);
		else
			fputc(*s, out);
	}
	fputc('"', out);
}

/* more: a label that stands behind the others; NULL: none. */
static void begin_sample(const struct page *p, const struct metric_sample *s, const char *ending,
			 const char *more)
{
	const char *between = "{";

	name(p, s->family);
	fputs(ending, p->out);
	for (unsigned i = 0; i < s->n_labels; i++) {
		fprintf(p->out, "%s%s=", between, s->labels[i].name);
		quoted(p->out, s->labels[i].value);
		between = ",";
	}
	if (more)
		fprintf(p->out, "%s%s", between, more);
	if (more || s->n_labels)
		fputc('}', p->out);
}

static void histogram(const struct page *p, const struct metric_sample *s)
{
	uint64_t below = 0;
	char le[32];

	for (unsigned i = 0; i <= s->n_bounds; i++) {
		below += s->buckets[i];
		if (i < s->n_bounds)
			snprintf(le, sizeof(le), "le=\"%.9g\"", s->bounds[i]);
		else
			snprintf(le, sizeof(le), "le=\"+Inf\"");
		/* OpenMetrics wants floats there: 1.0 */
		if (p->openmetrics && i < s->n_bounds && !strchr(le, '.'))
			snprintf(le, sizeof(le), "le=\"%.1f\"", s->bounds[i]);
		begin_sample(p, s, "_bucket", le);
		fprintf(p->out, " %" PRIu64 "\n", below);
	}
	begin_sample(p, s, "_sum", NULL);
	fprintf(p->out, " %.9g\n", s->sum);
	begin_sample(p, s, "_count", NULL);
	fprintf(p->out, " %" PRIu64 "\n", s->count);
}

/* As short as it can be without being another one. */
static void number(FILE *out, double value)
{
	char text[32];

	snprintf(text, sizeof(text), "%.15g", value);
	if (strtod(text, NULL) != value)
		snprintf(text, sizeof(text), "%.17g", value);
	fprintf(out, " %s\n", text);
}

static int sample(void *context, const struct metric_sample *s)
{
	struct page *p = context;

	if (p->family != s->family)
		begin_family(p, s->family);
	if (s->family->type == METRIC_HISTOGRAM) {
		histogram(p, s);
	} else {
		begin_sample(p, s, suffix(s->family), NULL);
		number(p->out, s->value);
	}
	return ferror(p->out) ? -EIO : 0;
}

const char *prometheus_content_type(enum prometheus_format format)
{
	return format == PROMETHEUS_OPENMETRICS
		       ? "application/openmetrics-text; version=1.0.0; charset=utf-8"
		       : "text/plain; version=0.0.4; charset=utf-8";
}

int prometheus_text(FILE *out, struct metrics *m, uint64_t realtime_ns,
		    enum prometheus_format format)
{
	struct page p = { .out = out,
			  .openmetrics = format == PROMETHEUS_OPENMETRICS,
			  .prefix = "bindtrace_" };
	int err = metrics_visit(m, realtime_ns, sample, &p);

	p.prefix = ""; /* so these are called in every program */
	if (!err && format != PROMETHEUS_FILE)
		err = process_visit(metrics_since_ns(m), sample, &p);
	if (p.openmetrics)
		fputs("# EOF\n", out);
	return err ? err : ferror(out) ? -EIO : 0;
}
