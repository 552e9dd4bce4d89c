// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "export/otlp_queue.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "export/otlp_json.h"
#include "export/otlp_logs.h"

/* Beside the bound in bytes; short records would else be more bookkeeping than text. */
enum { MOST_RECORDS = 1 << 16 };

struct resource {
	unsigned users; /* records, and the queue for the latest one */
	char *json;
};

struct record {
	struct record *next;
	struct resource *resource;
	uint64_t refusals, since_ns;
	size_t n;
	char json[];
};

struct otlp_queue {
	pthread_mutex_t lock;
	size_t most_bytes, bytes;
	uint64_t records;
	struct record *first, **end;
	struct resource *latest;
	char *scope; /* JSON */
};

int otlp_queue_new(struct otlp_queue **out, size_t most_bytes)
{
	struct otlp_queue *q = calloc(1, sizeof(*q));
	size_t n;

	*out = q;
	if (!q)
		return -ENOMEM;
	pthread_mutex_init(&q->lock, NULL);
	q->most_bytes = most_bytes;
	q->end = &q->first;
	q->scope = otlp_print(otlp_scope(), &n);
	return q->scope ? 0 : -ENOMEM;
}

static void let_go(struct resource *r)
{
	if (!r || --r->users)
		return;
	free(r->json);
	free(r);
}

/* The lock is held. */
static uint64_t drop_first(struct otlp_queue *q)
{
	struct record *r = q->first;
	uint64_t refusals = r->refusals;

	q->first = r->next;
	if (!q->first)
		q->end = &q->first;
	q->records--;
	q->bytes -= sizeof(*r) + r->n;
	let_go(r->resource);
	free(r);
	return refusals;
}

void otlp_queue_free(struct otlp_queue *q)
{
	if (!q)
		return;
	while (q->first)
		drop_first(q);
	let_go(q->latest);
	pthread_mutex_destroy(&q->lock);
	free(q->scope);
	free(q);
}

int otlp_queue_resource(struct otlp_queue *q, char *json)
{
	struct resource *r = json ? malloc(sizeof(*r)) : NULL;

	if (!r) {
		free(json);
		return -ENOMEM;
	}
	*r = (struct resource){ 1, json };
	pthread_mutex_lock(&q->lock);
	let_go(q->latest);
	q->latest = r;
	pthread_mutex_unlock(&q->lock);
	return 0;
}

char *otlp_queue_latest_resource(struct otlp_queue *q)
{
	char *copy;

	pthread_mutex_lock(&q->lock);
	copy = q->latest ? strdup(q->latest->json) : NULL;
	pthread_mutex_unlock(&q->lock);
	return copy;
}

bool otlp_queue_put(struct otlp_queue *q, const char *record, size_t n, uint64_t refusals,
		    uint64_t now_ns, uint64_t *before)
{
	struct record *r = malloc(sizeof(*r) + n);
	bool room;

	pthread_mutex_lock(&q->lock);
	room = r && q->latest && q->records < MOST_RECORDS &&
	       q->bytes + sizeof(*r) + n <= q->most_bytes;
	*before = q->records;
	if (room) {
		*r = (struct record){
			.resource = q->latest, .refusals = refusals, .since_ns = now_ns, .n = n
		};
		memcpy(r->json, record, n);
		r->resource->users++;
		*q->end = r;
		q->end = &r->next;
		q->records++;
		q->bytes += sizeof(*r) + n;
	}
	pthread_mutex_unlock(&q->lock);
	if (!room)
		free(r);
	return room;
}

bool otlp_queue_full(struct otlp_queue *q)
{
	bool full;

	pthread_mutex_lock(&q->lock);
	full = q->records >= MOST_RECORDS ||
	       q->bytes + sizeof(struct record) + OTLP_MOST_RECORD > q->most_bytes;
	pthread_mutex_unlock(&q->lock);
	return full;
}

struct otlp_waiting otlp_queue_waiting(struct otlp_queue *q)
{
	struct otlp_waiting w;

	pthread_mutex_lock(&q->lock);
	w = (struct otlp_waiting){ q->records, q->bytes, q->first ? q->first->since_ns : 0 };
	pthread_mutex_unlock(&q->lock);
	return w;
}

/* As OTLP groups them: a Resource, who made the records, the records. */
static void write_batch(FILE *out, const struct otlp_queue *q, struct otlp_batch *batch,
			unsigned most_records, size_t most_bytes)
{
	const struct resource *resource = NULL;
	const struct record *r;
	size_t bytes = 0;

	fputs("{\"resourceLogs\":[", out);
	for (r = q->first; r && batch->records < most_records; r = r->next) {
		bytes += r->n;
		if (batch->records && bytes > most_bytes)
			break;
		if (r->resource != resource)
			fprintf(out,
				"%s{\"resource\":%s,\"scopeLogs\":[{\"scope\":%s,\"logRecords\":[",
				resource ? "]}]}," : "", r->resource->json, q->scope);
		else
			fputc(',', out);
		resource = r->resource;
		fwrite(r->json, 1, r->n, out);
		batch->records++;
		batch->refusals += r->refusals;
	}
	fputs("]}]}]}", out);
}

void otlp_queue_first(struct otlp_queue *q, struct otlp_batch *out, unsigned most_records,
		      size_t most_bytes)
{
	FILE *stream;
	bool failed;

	*out = (struct otlp_batch){ 0 };
	pthread_mutex_lock(&q->lock);
	stream = q->first ? open_memstream(&out->json, &out->n) : NULL;
	if (stream) {
		write_batch(stream, q, out, most_records, most_bytes);
		failed = ferror(stream);
		failed = fclose(stream) || failed;
		if (failed) {
			free(out->json);
			*out = (struct otlp_batch){ 0 };
		}
	}
	pthread_mutex_unlock(&q->lock);
}

uint64_t otlp_queue_drop(struct otlp_queue *q, uint64_t records)
{
	uint64_t refusals = 0;

	pthread_mutex_lock(&q->lock);
	while (records-- && q->first)
		refusals += drop_first(q);
	pthread_mutex_unlock(&q->lock);
	return refusals;
}
