// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* OTLP over HTTP. The thread that reads only fills the queue; one of ours (otlp_work.c) sends. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/log.h"
#include "export/options.h"
#include "export/otlp_logs.h"
#include "export/otlp_private.h"

void otlp_lose(struct exporter *e, uint64_t refusals, uint64_t lines)
{
	metrics_lost(e->metrics, "export", refusals);
	e->lost += refusals;
	e->lost_lines += lines;
}

static bool otlp_wanted(const struct options *o)
{
	return o->otlp;
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
	e->hosts = otlp_hosts_new(&e->identity, m, o->port_series);
	e->queue = queue_new(o->queue_bytes, OTLP_MOST_RECORD, otlp_shared_drop);
	if (!e->hosts || !e->queue) {
		log_error("out of memory");
		return EXIT_FAILED;
	}
	metrics_export_errors(m, "otlp", 0);
	return EXIT_OK;
}

static int otlp_start(struct exporter *e)
{
	bool fine = !curl_global_init(CURL_GLOBAL_DEFAULT);

	e->multi = fine ? curl_multi_init() : NULL;
	fine = e->multi;
	for (int i = 0; i < OTLP_SIGNALS && fine; i++)
		fine = !otlp_post_init(&e->posts[i], e->multi, &e->config, i);
	if (fine)
		e->running = !pthread_create(&e->thread, NULL, otlp_work, e);
	if (e->running) {
		log_info("logs go to %s, metrics to %s", e->config.where[OTLP_LOGS],
			 e->config.where[OTLP_METRICS]);
		return EXIT_OK;
	}
	log_error("cannot begin to send OTLP: there is no memory, or no room for a thread");
	return EXIT_FAILED;
}

/* Takes the record and the Resource. */
static void put(struct exporter *e, const struct queued *record)
{
	uint64_t before;
	bool room = queue_put(e->queue, record, &before);

	if (!before)
		e->crowded = false;
	if (room) {
		/* the first begins a wait, a full batch ends it */
		if (before == 0 || before + 1 == BATCH_RECORDS)
			curl_multi_wakeup(e->multi);
		return;
	}
	otlp_lose(e, record->refusals, 1);
	if (!e->crowded)
		log_warning("%s: no more lines can wait; what comes until there is room is only "
			    "counted",
			    e->config.where[OTLP_LOGS]);
	e->crowded = true;
}

static void otlp_line(struct exporter *e, const struct export_line *line)
{
	struct otlp_shared *resource = otlp_hosts_line(e->hosts, line);
	struct queued record = { .refusals = line->refusals,
				 .since_ns = clock_boottime_ns(),
				 .about = resource };
	int err = otlp_log_record(&record.bytes, &record.n, line,
				  clock_realtime_ns(record.since_ns, clock_offset_ns()));

	if (record.bytes && resource) {
		put(e, &record);
		return;
	}
	/* a line that tells of nothing that happened has no record */
	if (err || record.bytes)
		otlp_lose(e, line->refusals, 1);
	free(record.bytes);
	otlp_shared_drop(resource);
}

static bool otlp_full(struct exporter *e)
{
	return queue_full(e->queue);
}

static uint64_t otlp_pending(struct exporter *e)
{
	return queue_waiting(e->queue).messages;
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
	queue_free(e->queue);
	otlp_hosts_free(e->hosts);
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
