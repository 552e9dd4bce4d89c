// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* /metrics over HTTP: a thread of libmicrohttpd's answers; it reads what the other one counts. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "export/address.h"
#include "export/exporter.h"
#include "export/options.h"
#include "export/prometheus_http.h"

struct exporter {
	struct metrics *metrics;
	int fd;
	struct MHD_Daemon *daemon;
};

static bool prometheus_wanted(const struct options *o)
{
	return o->metrics;
}

static int prometheus_open(struct exporter **out, const struct options *o, struct metrics *m)
{
	struct exporter *e = calloc(1, sizeof(*e));

	if (!e) {
		log_error("out of memory");
		return EXIT_FAILED;
	}
	*out = e;
	e->metrics = m;
	e->fd = address_listen(o->metrics);
	return e->fd < 0 ? EXIT_FAILED : EXIT_OK;
}

static int prometheus_start(struct exporter *e)
{
	e->daemon = prometheus_http(e->metrics, MHD_USE_EPOLL_INTERNAL_THREAD, e->fd);
	if (e->daemon)
		return EXIT_OK;
	log_error("cannot serve metrics: %s", strerror(errno));
	return EXIT_FAILED;
}

/* What it tells of is counted before any exporter is asked. */
static void prometheus_line(struct exporter *e, const struct export_line *line)
{
	(void)e;
	(void)line;
}

static void prometheus_close(struct exporter *e, uint64_t patience_ns)
{
	(void)patience_ns;
	if (e->daemon)
		MHD_stop_daemon(e->daemon);
	free(e);
}

const struct exporter_class exporter_prometheus = {
	.name = "prometheus",
	.wanted = prometheus_wanted,
	.open = prometheus_open,
	.start = prometheus_start,
	.line = prometheus_line,
	.close = prometheus_close,
};
