// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The thread that sends: it makes the requests, with libcurl's multi interface: one for logs and one for metrics may be
 * under way, and everything it waits for is in one poll.
 */
#include "base/clock.h"
#include "export/otlp_private.h"

#define SECOND	      1000000000ull
#define BATCH_WAIT_NS SECOND

enum { MOST_POLL_MS = 60000 };

static void end_logs(struct exporter *e)
{
	uint64_t waiting = queue_waiting(e->queue).messages;

	otlp_post_abort(&e->posts[OTLP_LOGS]);
	otlp_lose(e, queue_done(e->queue, waiting), waiting);
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
	struct queue_waiting w = queue_waiting(e->queue);

	if (!w.messages)
		return false;
	if (e->ending || w.messages >= BATCH_RECORDS || w.bytes >= BATCH_BYTES ||
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
	if (e->ending && !queue_waiting(e->queue).messages) {
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
		otlp_batch_make(&e->batch, e->queue, BATCH_RECORDS, BATCH_BYTES);
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
	size_t n = 0;
	char *json = otlp_hosts_request(
		e->hosts, clock_realtime_ns(clock_boottime_ns(), clock_offset_ns()), &n);

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
	queue_done(e->queue, e->batch.records);
	if (outcome == OTLP_REFUSED || rejected == e->batch.records)
		otlp_lose(e, e->batch.refusals, e->batch.records);
	else if (rejected) /* which ones is not told: a record is a refusal, unless it is a count */
		otlp_lose(e, rejected < e->batch.refusals ? rejected : e->batch.refusals, rejected);
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

void *otlp_work(void *context)
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
