// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "export/otlp_batch.h"

#include <stdio.h>
#include <stdlib.h>

#include "export/otlp_hosts.h"
#include "export/otlp_json.h"

struct making {
	struct otlp_batch *batch;
	FILE *out;
	char *scope;			    /* JSON */
	const struct otlp_shared *resource; /* of the record before */
	unsigned most_records;
	size_t bytes, most_bytes;
};

/* As OTLP groups them: a Resource, who made the records, the records. */
static bool add_record(void *context, const struct queued *record)
{
	struct making *m = context;
	const struct otlp_shared *resource = record->about;

	m->bytes += record->n;
	if (m->batch->records == m->most_records || (m->batch->records && m->bytes > m->most_bytes))
		return false;
	if (resource != m->resource)
		fprintf(m->out, "%s{\"resource\":%s,\"scopeLogs\":[{\"scope\":%s,\"logRecords\":[",
			m->resource ? "]}]}," : "", resource->json, m->scope);
	else
		fputc(',', m->out);
	m->resource = resource;
	fwrite(record->bytes, 1, record->n, m->out);
	m->batch->records++;
	m->batch->refusals += record->refusals;
	return true;
}

void otlp_batch_make(struct otlp_batch *out, struct queue *q, unsigned most_records,
		     size_t most_bytes)
{
	struct making m = { .batch = out, .most_records = most_records, .most_bytes = most_bytes };
	size_t n;
	bool failed;

	*out = (struct otlp_batch){ 0 };
	m.scope = otlp_print(otlp_scope(), &n);
	m.out = m.scope ? open_memstream(&out->json, &out->n) : NULL;
	if (m.out) {
		fputs("{\"resourceLogs\":[", m.out);
		queue_visit(q, add_record, &m);
		fputs("]}]}]}", m.out);
		failed = ferror(m.out);
		failed = fclose(m.out) || failed || !out->records;
		if (failed) {
			free(out->json);
			*out = (struct otlp_batch){ 0 };
		}
	}
	free(m.scope);
}
