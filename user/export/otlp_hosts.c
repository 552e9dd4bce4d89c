// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "export/otlp_hosts.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "export/otlp_metrics.h"

/* A host has some 30 KB. The last place is that of all further ones together, whose metrics name none. */
enum { MOST_HOSTS = 64 };

/* What a Resource is made of, as far as a stream tells it. */
struct origin {
	char host[65], kernel[65], machine[65], boot_id[40], version[32];
};

struct host {
	struct origin origin; /* of the latest line */
	struct otlp_shared *resource;
	struct metrics *metrics;
};

struct otlp_hosts {
	const struct otlp_identity *who;
	struct metrics *all;
	unsigned ports;
	struct otlp_shared *nobody; /* the Resource that names no host */
	pthread_mutex_t lock;	    /* of what follows */
	struct host hosts[MOST_HOSTS];
	unsigned n;
};

struct otlp_shared *otlp_shared_new(char *json)
{
	struct otlp_shared *s = json ? malloc(sizeof(*s)) : NULL;

	if (!s) {
		free(json);
		return NULL;
	}
	s->users = 1;
	s->json = json;
	return s;
}

void otlp_shared_drop(void *shared)
{
	struct otlp_shared *s = shared;

	if (!s || --s->users)
		return;
	free(s->json);
	free(s);
}

struct otlp_hosts *otlp_hosts_new(const struct otlp_identity *who, struct metrics *all,
				  unsigned ports)
{
	static const struct export_stream nothing;
	struct otlp_hosts *h = calloc(1, sizeof(*h));

	if (!h)
		return NULL;
	h->who = who;
	h->all = all;
	h->ports = ports;
	pthread_mutex_init(&h->lock, NULL);
	h->nobody = otlp_shared_new(otlp_resource(&nothing, who));
	if (h->nobody)
		return h;
	otlp_hosts_free(h);
	return NULL;
}

void otlp_hosts_free(struct otlp_hosts *h)
{
	if (!h)
		return;
	for (unsigned i = 0; i < h->n; i++) {
		otlp_shared_drop(h->hosts[i].resource);
		metrics_free(h->hosts[i].metrics);
	}
	otlp_shared_drop(h->nobody);
	pthread_mutex_destroy(&h->lock);
	free(h);
}

/* Zeros fill it up, so that two can be compared as bytes. */
static struct origin origin_of(const struct export_stream *s)
{
	struct origin o = { 0 };

	snprintf(o.host, sizeof(o.host), "%s", s->host.host);
	snprintf(o.kernel, sizeof(o.kernel), "%s", s->host.kernel);
	snprintf(o.machine, sizeof(o.machine), "%s", s->host.machine);
	snprintf(o.boot_id, sizeof(o.boot_id), "%s", s->host.boot_id);
	snprintf(o.version, sizeof(o.version), "%s", s->version);
	return o;
}

/* NULL: no memory. */
static struct host *find(struct otlp_hosts *h, const char *name)
{
	struct metrics *metrics;

	for (unsigned i = 0; i < h->n; i++)
		if (!strcmp(h->hosts[i].origin.host, name) || i == MOST_HOSTS - 1)
			return &h->hosts[i];
	metrics = metrics_new(h->ports);
	if (!metrics)
		return NULL;
	if (h->n == MOST_HOSTS - 1)
		log_warning("OTLP: metrics of more than %d hosts are not kept apart; those of "
			    "further ones name no host",
			    MOST_HOSTS - 1);
	h->hosts[h->n].metrics = metrics;
	return &h->hosts[h->n++];
}

struct otlp_shared *otlp_hosts_line(struct otlp_hosts *h, const struct export_line *line)
{
	const struct origin origin = origin_of(line->stream);
	struct otlp_shared *resource;
	struct host *host;

	pthread_mutex_lock(&h->lock);
	host = find(h, origin.host);
	if (host && (!host->resource || memcmp(&host->origin, &origin, sizeof(origin)))) {
		otlp_shared_drop(host->resource);
		host->resource = otlp_shared_new(otlp_resource(line->stream, h->who));
		host->origin = origin;
	}
	resource = host ? host->resource : NULL;
	if (resource)
		resource->users++;
	pthread_mutex_unlock(&h->lock);
	if (host)
		metrics_line(host->metrics, line);
	return resource;
}

char *otlp_hosts_request(struct otlp_hosts *h, uint64_t realtime_ns, size_t *n)
{
	struct otlp_metrics_part parts[MOST_HOSTS + 1];
	const struct host *host;
	unsigned i;
	char *json;

	pthread_mutex_lock(&h->lock);
	for (i = 0; i < h->n; i++) {
		host = &h->hosts[i];
		parts[i] = (struct otlp_metrics_part){ host->metrics, false, h->nobody->json };
		if (host->resource && i < MOST_HOSTS - 1)
			parts[i].resource = host->resource->json;
	}
	if (h->n == 1)
		parts[0].metrics = h->all;
	else
		parts[i++] = (struct otlp_metrics_part){ h->all, h->n, h->nobody->json };
	json = otlp_metrics_request(parts, i, metrics_since_ns(h->all), realtime_ns, n);
	pthread_mutex_unlock(&h->lock);
	return json;
}
