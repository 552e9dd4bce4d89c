// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * OTLP over HTTP. One thread of ours makes the requests, with libcurl's multi interface: one for logs and one for
 * metrics may be under way, and everything it waits for is in one poll. The thread that reads only fills the queue.
 */
#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "export/exporter.h"
#include "export/metrics.h"
#include "export/options.h"
#include "export/otlp_logs.h"
#include "export/otlp_metrics.h"
#include "export/otlp_post.h"
#include "export/otlp_queue.h"
#include "export/otlp_resource.h"

#define SECOND 1000000000ull

/* A request is made when there are so many, or when the first has waited for a second. */
enum { BATCH_RECORDS = 512, BATCH_BYTES = 1 << 20, MOST_POLL_MS = 60000 };
#define BATCH_WAIT_NS SECOND

struct exporter {
	struct metrics *metrics;
	struct otlp_config config;
	struct otlp_identity identity;
	struct otlp_queue *queue;
	bool crowded; /* a line found no room since the queue was empty; of the thread that reads */

	pthread_t thread;
	bool running;
	_Atomic uint64_t
		end_ns; /* until then everything has to be delivered, boottime; 0: it goes on */
	uint64_t patience_ns; /* written before end_ns */

	/* of the other thread */
	CURLM *multi;
	struct otlp_post posts[OTLP_SIGNALS];
	struct otlp_batch batch; /* what the request for logs is about */
	uint64_t next_metrics_ns;
	bool ending, logs_ended, last_metrics;
	_Atomic uint64_t lost, lost_lines;
};

static bool otlp_wanted(const struct options *o)
{
	return o->otlp;
}

/* What a stream without a header is of. */
static int otlp_first_resource(struct exporter *e)
{
	static const struct export_stream nothing;

	return otlp_queue_resource(e->queue, otlp_resource(&nothing, &e->identity));
}

static int otlp_open(struct exporter **out, const struct options *o, struct metrics *m)
{
	struct exporter *e = calloc(1, sizeof(*e));
	int status;

	if (!e) {
		log_error("out of memory");
		return EXIT_FAILED;
	}
	*out = e;
	e->metrics = m;
	status = otlp_config_read(&e->config, o);
	if (status)
		return status;
	otlp_identity_read(&e->identity);
	if (otlp_queue_new(&e->queue, o->queue_bytes) || otlp_first_resource(e)) {
		log_error("out of memory");
		return EXIT_FAILED;
	}
	metrics_export_errors(m, "otlp", 0);
	return EXIT_OK;
}

/* Refusals of records that will not arrive. */
static void lose(struct exporter *e, uint64_t refusals, uint64_t lines)
{
	metrics_lost(e->metrics, "export", refusals);
	e->lost += refusals;
	e->lost_lines += lines;
}

static void end_logs(struct exporter *e)
{
	uint64_t waiting = otlp_queue_waiting(e->queue).records;

	otlp_post_abort(&e->posts[OTLP_LOGS]);
	lose(e, otlp_queue_drop(e->queue, waiting), waiting);
	e->logs_ended = true;
}

static void begin(struct exporter *e, enum otlp_signal signal)
{
	struct otlp_post *p = &e->posts[signal];

	if (!otlp_post_begin(p))
		return;
	/* nothing of the network is at fault: out of memory, and it may pass */
	metrics_export_errors(e->metrics, "otlp", 1);
	p->not_before_ns = clock_boottime_ns() + SECOND;
}

/* Whether it is time to make a request of what waits; else *due_ns may come down to when it is. */
static bool time_for_logs(const struct exporter *e, uint64_t now_ns, uint64_t *due_ns)
{
	struct otlp_waiting w = otlp_queue_waiting(e->queue);

	if (!w.records)
		return false;
	if (e->ending || w.records >= BATCH_RECORDS || w.bytes >= BATCH_BYTES ||
	    now_ns >= w.since_ns + BATCH_WAIT_NS)
		return true;
	if (*due_ns > w.since_ns + BATCH_WAIT_NS)
		*due_ns = w.since_ns + BATCH_WAIT_NS;
	return false;
}

static void step_logs(struct exporter *e, uint64_t now_ns, uint64_t *due_ns)
{
	struct otlp_post *p = &e->posts[OTLP_LOGS];

	if (e->logs_ended || p->under_way)
		return;
	if (e->ending && !otlp_queue_waiting(e->queue).records) {
		e->logs_ended = true;
		return;
	}
	if (!p->body && !time_for_logs(e, now_ns, due_ns))
		return;
	if (now_ns < p->not_before_ns) {
		*due_ns = p->not_before_ns < *due_ns ? p->not_before_ns : *due_ns;
		return;
	}
	if (!p->body) {
		otlp_queue_first(e->queue, &e->batch, BATCH_RECORDS, BATCH_BYTES);
		if (otlp_post_take(p, e->batch.json, e->batch.n)) {
			*due_ns = now_ns + SECOND < *due_ns ? now_ns + SECOND : *due_ns;
			return;
		}
	}
	begin(e, OTLP_LOGS);
}

/* A request that failed is made anew when it is time for it: the numbers are of that time then. */
static bool make_metrics(struct exporter *e)
{
	char *resource = otlp_queue_latest_resource(e->queue), *json = NULL;
	size_t n = 0;

	if (resource)
		json = otlp_metrics_request(
			e->metrics, resource,
			clock_realtime_ns(clock_boottime_ns(), clock_offset_ns()), &n);
	free(resource);
	return !otlp_post_take(&e->posts[OTLP_METRICS], json, n);
}

static void step_metrics(struct exporter *e, uint64_t now_ns, uint64_t *due_ns)
{
	struct otlp_post *p = &e->posts[OTLP_METRICS];
	uint64_t at_ns = e->next_metrics_ns;

	if (p->under_way || (e->ending && !e->logs_ended))
		return;
	if (e->ending)
		at_ns = 0;
	if (at_ns < p->not_before_ns)
		at_ns = p->not_before_ns;
	if (now_ns < at_ns) {
		*due_ns = at_ns < *due_ns ? at_ns : *due_ns;
		return;
	}
	e->next_metrics_ns = now_ns + e->config.interval_ns;
	e->last_metrics = e->ending;
	if (make_metrics(e))
		begin(e, OTLP_METRICS);
	else
		p->not_before_ns = now_ns + SECOND;
}

static void logs_done(struct exporter *e, enum otlp_outcome outcome,
		      const struct otlp_partial *partial)
{
	uint64_t rejected =
		partial->rejected < e->batch.records ? partial->rejected : e->batch.records;

	if (outcome == OTLP_LATER)
		return;
	otlp_queue_drop(e->queue, e->batch.records);
	if (outcome == OTLP_REFUSED || rejected == e->batch.records)
		lose(e, e->batch.refusals, e->batch.records);
	else if (rejected) /* which ones is not told: a record is a refusal, unless it is a count */
		lose(e, rejected < e->batch.refusals ? rejected : e->batch.refusals, rejected);
}

/* As soon as the collector may be asked again; the last ones are not told yet. */
static void metrics_again(struct exporter *e)
{
	uint64_t at_ns = e->posts[OTLP_METRICS].not_before_ns;

	e->last_metrics = false;
	if (e->next_metrics_ns > at_ns)
		e->next_metrics_ns = at_ns;
}

/* Whether there were any: then there may be something to do at once. */
static bool take_answers(struct exporter *e)
{
	bool any = false;
	struct otlp_partial partial;
	enum otlp_outcome outcome;
	struct otlp_post *p;
	const CURLMsg *m;
	CURLcode code;
	int left;

	while ((m = curl_multi_info_read(e->multi, &left))) {
		if (m->msg != CURLMSG_DONE)
			continue;
		p = m->easy_handle == e->posts[OTLP_LOGS].curl ? &e->posts[OTLP_LOGS]
							       : &e->posts[OTLP_METRICS];
		/* the message is gone with its handle */
		code = m->data.result;
		any = true;
		outcome = otlp_post_done(p, code, &partial);
		if (outcome != OTLP_ARRIVED || partial.rejected)
			metrics_export_errors(e->metrics, "otlp", 1);
		if (p->signal == OTLP_LOGS)
			logs_done(e, outcome, &partial);
		else if (outcome == OTLP_LATER)
			metrics_again(e);
	}
	return any;
}

/* The end has come: what has waited for another try, unless the collector wants it to, has it now. */
static void begin_to_end(struct exporter *e)
{
	e->ending = true;
	for (int i = 0; i < OTLP_SIGNALS; i++)
		if (!e->posts[i].told)
			e->posts[i].not_before_ns = 0;
}

/* Whether all is done, or there is no more time. Logs have four fifths of it: what they lose the metrics tell. */
static bool ended(struct exporter *e, uint64_t now_ns, uint64_t *due_ns)
{
	uint64_t end_ns = e->end_ns, logs_end_ns;

	if (!end_ns)
		return false;
	logs_end_ns = end_ns - e->patience_ns / 5;
	if (!e->ending)
		begin_to_end(e);
	if (!e->logs_ended && now_ns >= logs_end_ns)
		end_logs(e);
	if (!e->logs_ended && logs_end_ns < *due_ns)
		*due_ns = logs_end_ns;
	if (e->logs_ended && end_ns < *due_ns)
		*due_ns = end_ns;
	return now_ns >= end_ns || (e->last_metrics && !e->posts[OTLP_METRICS].under_way);
}

static void *work(void *context)
{
	struct exporter *e = context;
	uint64_t now_ns = clock_boottime_ns(), due_ns;
	int running;

	e->next_metrics_ns = now_ns + e->config.interval_ns;
	for (;;) {
		now_ns = clock_boottime_ns();
		due_ns = now_ns + (uint64_t)MOST_POLL_MS * 1000000;
		if (ended(e, now_ns, &due_ns))
			break;
		step_logs(e, now_ns, &due_ns);
		step_metrics(e, now_ns, &due_ns);
		curl_multi_perform(e->multi, &running);
		if (!take_answers(e) && due_ns > now_ns)
			curl_multi_poll(e->multi, NULL, 0, (int)((due_ns - now_ns) / 1000000 + 1),
					NULL);
	}
	return NULL;
}

static int otlp_start(struct exporter *e)
{
	bool fine = !curl_global_init(CURL_GLOBAL_DEFAULT);

	e->multi = fine ? curl_multi_init() : NULL;
	fine = e->multi;
	for (int i = 0; i < OTLP_SIGNALS && fine; i++)
		fine = !otlp_post_init(&e->posts[i], e->multi, &e->config, i);
	if (fine)
		e->running = !pthread_create(&e->thread, NULL, work, e);
	if (e->running) {
		log_info("logs go to %s, metrics to %s", e->config.where[OTLP_LOGS],
			 e->config.where[OTLP_METRICS]);
		return EXIT_OK;
	}
	log_error("cannot begin to send OTLP: there is no memory, or no room for a thread");
	return EXIT_FAILED;
}

static void put(struct exporter *e, const char *record, size_t n, uint64_t refusals)
{
	uint64_t before;
	bool room = otlp_queue_put(e->queue, record, n, refusals, clock_boottime_ns(), &before);

	if (!before)
		e->crowded = false;
	if (room) {
		/* the first begins a wait, a full batch ends it */
		if (before == 0 || before + 1 == BATCH_RECORDS)
			curl_multi_wakeup(e->multi);
		return;
	}
	lose(e, refusals, 1);
	if (!e->crowded)
		log_warning("%s: no more lines can wait; what comes until there is room is only "
			    "counted",
			    e->config.where[OTLP_LOGS]);
	e->crowded = true;
}

static void otlp_line(struct exporter *e, const struct export_line *line)
{
	char *record;
	size_t n;

	if (line->kind == KIND_HEADER &&
	    otlp_queue_resource(e->queue, otlp_resource(line->stream, &e->identity)))
		log_warning("out of memory: what follows is told as of the machine before");
	if (otlp_log_record(&record, &n, line,
			    clock_realtime_ns(clock_boottime_ns(), clock_offset_ns())))
		lose(e, line->refusals, 1);
	else if (record)
		put(e, record, n, line->refusals);
	free(record);
}

static bool otlp_full(struct exporter *e)
{
	return otlp_queue_full(e->queue);
}

static uint64_t otlp_pending(struct exporter *e)
{
	return otlp_queue_waiting(e->queue).records;
}

static void finish(struct exporter *e, uint64_t patience_ns)
{
	uint64_t lines;

	e->patience_ns = patience_ns;
	e->end_ns = clock_boottime_ns() + patience_ns;
	curl_multi_wakeup(e->multi);
	pthread_join(e->thread, NULL);
	lines = e->lost_lines;
	if (lines)
		log_warning("%" PRIu64 " line%s did not reach %s; refusals lost: %" PRIu64, lines,
			    lines == 1 ? "" : "s", e->config.where[OTLP_LOGS], e->lost);
}

static void otlp_close(struct exporter *e, uint64_t patience_ns)
{
	if (!e)
		return;
	if (e->running)
		finish(e, patience_ns);
	for (int i = 0; i < OTLP_SIGNALS && e->multi; i++)
		otlp_post_free(&e->posts[i]);
	if (e->multi) {
		curl_multi_cleanup(e->multi);
		curl_global_cleanup();
	}
	otlp_queue_free(e->queue);
	otlp_config_free(&e->config);
	free(e);
}

const struct exporter_class exporter_otlp = {
	.name = "otlp",
	.wanted = otlp_wanted,
	.open = otlp_open,
	.start = otlp_start,
	.line = otlp_line,
	.full = otlp_full,
	.pending = otlp_pending,
	.close = otlp_close,
};
