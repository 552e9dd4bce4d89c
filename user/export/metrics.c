// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "export/metrics.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "export/metrics_private.h"

/* The words of docs/events.md: what a line says beside these becomes no label, and is lost nevertheless. */
static const char *const stages[N_STAGES] = { "ring_buffer", "queue", "recording", "export" };

static void count(struct named *list, unsigned n, const char *name, uint64_t more)
{
	for (unsigned i = 0; i < n; i++) {
		if (!list[i].name[0])
			snprintf(list[i].name, sizeof(list[i].name), "%s", name);
		if (strcmp(list[i].name, name))
			continue;
		list[i].n += more;
		return;
	}
}

static void count_lost(struct named list[MOST_STAGES], const char *stage, uint64_t refusals)
{
	unsigned i;

	for (i = 0; i < N_STAGES && strcmp(stages[i], stage); i++)
		;
	count(list, MOST_STAGES, i < N_STAGES ? stage : "unknown", refusals);
}

struct metrics *metrics_new(unsigned ports)
{
	struct metrics *m = calloc(1, sizeof(*m));

	if (!m)
		return NULL;
	m->ports = ports ? calloc(ports, sizeof(*m->ports)) : NULL;
	if (ports && !m->ports) {
		free(m);
		return NULL;
	}
	m->most_ports = ports;
	pthread_mutex_init(&m->lock, NULL);
	m->since_ns = clock_realtime_ns(clock_boottime_ns(), clock_offset_ns());
	/* those that are alarmed about exist from the beginning, or their first increase would not be seen */
	for (unsigned i = 0; i < N_STAGES; i++)
		count_lost(m->stages, stages[i], 0);
	count_lost(m->lost_here, "export", 0);
	return m;
}

void metrics_free(struct metrics *m)
{
	if (!m)
		return;
	pthread_mutex_destroy(&m->lock);
	free(m->ports);
	free(m);
}

uint64_t metrics_since_ns(const struct metrics *m)
{
	return m->since_ns;
}

/* NULL: there is none yet. */
static struct kind *find_kind(struct metrics *m, const struct kind *k)
{
	struct kind *at;

	for (at = m->kinds; at < m->kinds + m->n_kinds; at++)
		if (at->operation == k->operation && at->error == k->error &&
		    at->reason == k->reason && at->protocol == k->protocol &&
		    at->family == k->family)
			return at;
	return NULL;
}

/* The last place is kept for the one that all others are counted as. */
static void count_kind(struct metrics *m, struct kind k, uint64_t refusals)
{
	const struct kind none = { 0 };
	struct kind *at = find_kind(m, &k);

	if (!at && m->n_kinds >= MOST_KINDS - 1) {
		k = none;
		at = find_kind(m, &k);
	}
	if (!at) {
		at = &m->kinds[m->n_kinds++];
		*at = k;
	}
	at->refusals += refusals;
}

static struct kind kind_of(const struct export_line *l, unsigned operation, unsigned protocol,
			   unsigned family)
{
	return (struct kind){ .operation = (uint16_t)operation,
			      .error = l->error,
			      .reason = (uint16_t)(l->reason_known ? l->reason + 1 : 0),
			      .protocol = (uint16_t)protocol,
			      .family = (uint16_t)family };
}

/* NULL: it has none, and there is no room for another. */
static struct port *port_of(struct metrics *m, const struct bt_sock *s)
{
	unsigned i;

	if (s->family == AF_UNIX || !s->port)
		return NULL;
	for (i = 0; i < m->n_ports; i++)
		if (m->ports[i].port == s->port && m->ports[i].protocol == s->protocol)
			return &m->ports[i];
	if (i == m->most_ports)
		return NULL;
	m->ports[m->n_ports++] = (struct port){ .port = s->port, .protocol = s->protocol };
	return &m->ports[i];
}

static void on_header(struct metrics *m, const struct export_line *l)
{
	snprintf(m->version, sizeof(m->version), "%s", l->stream->version);
	snprintf(m->kernel, sizeof(m->kernel), "%s", l->stream->host.kernel);
	snprintf(m->hook, sizeof(m->hook), "%s", hook_name(l->stream->coverage.hook));
}

static void on_failure(struct metrics *m, const struct export_line *l)
{
	const struct event *e = l->event;
	struct port *port = port_of(m, &e->rec.sock);

	count_kind(m, kind_of(l, e->rec.operation, e->rec.sock.protocol, e->rec.sock.family),
		   l->refusals);
	m->last_ns = e->realtime_ns;
	if (!port)
		return;
	port->refusals += l->refusals;
	port->frees_ns = e->verdict.has_frees_in && e->realtime_ns
				 ? e->realtime_ns + (uint64_t)e->verdict.frees_in_ns
				 : 0;
}

static void on_folded(struct metrics *m, const struct export_line *l)
{
	const struct bt_fold_key *key = &l->folded.key;
	const struct bt_sock s = { .family = key->family,
				   .protocol = key->protocol,
				   .port = key->port };
	struct port *port = key->pid ? port_of(m, &s) : NULL;

	count_kind(m, kind_of(l, key->operation, key->protocol, key->family), l->refusals);
	m->last_ns = l->about.realtime_ns;
	if (port)
		port->refusals += l->refusals;
}

static void on_resolved(struct metrics *m, const struct export_line *l)
{
	struct port *port = port_of(m, &l->story.asked);
	double after_s = (double)l->story.after_ns / 1e9;
	unsigned i;

	for (i = 0; i < N_DURATIONS && after_s > metrics_durations[i]; i++)
		;
	m->buckets[i]++;
	m->resolved++;
	m->waited_s += after_s;
	if (l->refusals)
		count_kind(m,
			   kind_of(l, l->story.operation, l->story.asked.protocol,
				   l->story.asked.family),
			   l->refusals);
	if (port) {
		port->refusals += l->refusals;
		port->frees_ns = 0;
	}
}

void metrics_line(struct metrics *m, const struct export_line *l)
{
	pthread_mutex_lock(&m->lock);
	switch (l->kind) {
	case KIND_HEADER:
		on_header(m, l);
		break;
	case KIND_FAILURE:
		on_failure(m, l);
		break;
	case KIND_FOLDED:
		on_folded(m, l);
		break;
	case KIND_RESOLVED:
		on_resolved(m, l);
		break;
	case KIND_LOST:
		count_lost(m->stages, l->stage, l->lost);
		break;
	case KIND_CLOCK:
	case KIND_FOOTER:
	case KIND_OTHER:
		break;
	}
	pthread_mutex_unlock(&m->lock);
}

void metrics_lost(struct metrics *m, const char *stage, uint64_t refusals)
{
	pthread_mutex_lock(&m->lock);
	count_lost(m->stages, stage, refusals);
	count_lost(m->lost_here, stage, refusals);
	pthread_mutex_unlock(&m->lock);
}

void metrics_export_errors(struct metrics *m, const char *name, uint64_t errors)
{
	pthread_mutex_lock(&m->lock);
	count(m->errors, MOST_EXPORTERS, name, errors);
	pthread_mutex_unlock(&m->lock);
}

void metrics_ephemeral(struct metrics *m, const struct ephemeral_ports *ports)
{
	pthread_mutex_lock(&m->lock);
	m->ephemeral = ports ? *ports : (struct ephemeral_ports){ 0 };
	pthread_mutex_unlock(&m->lock);
}
