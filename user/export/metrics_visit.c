// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <stdio.h>
#include <string.h>

#include "export/metrics_private.h"
#include "model/endpoint.h"

const double metrics_durations[N_DURATIONS] = { 0.1, 1, 5, 15, 30, 60, 120, 300, 900, 3600 };

static const struct metric_family
	failures = { "failures", "Refused calls: bind, listen, connect and automatic binds.", NULL,
		     "{failure}", METRIC_COUNTER },
	port_failures = { "port_failures", "Refused calls by the port they asked for.", NULL,
			  "{failure}", METRIC_COUNTER },
	port_wait = { "port_wait", "Until a refused port frees by itself; absent when it has.",
		      "seconds", "s", METRIC_GAUGE },
	last_failure = { "last_failure_timestamp", "When a call was refused last, in Unix time.",
			 "seconds", "s", METRIC_GAUGE },
	resolved = { "resolved", "Refused endpoints that somebody got in the end.", NULL,
		     "{incident}", METRIC_COUNTER },
	duration = { "incident_duration",
		     "From the first refusal of an endpoint until somebody got it.", "seconds", "s",
		     METRIC_HISTOGRAM },
	lost = { "events_lost", "Refusals that no event tells of, by where they were lost.", NULL,
		 "{failure}", METRIC_COUNTER },
	errors = { "export_errors", "Deliveries that failed.", NULL, "{error}", METRIC_COUNTER },
	ephemeral = { "ephemeral_ports",
		      "Ports of ip_local_port_range in the exporter's own network namespace: how "
		      "many (size), of these reserved, and of the others taken by TCP sockets.",
		      NULL, "{port}", METRIC_GAUGE },
	build = { "build", "What traces, and how.", NULL, "1", METRIC_INFO };

struct visit {
	int (*sample)(void *context, const struct metric_sample *s);
	void *context;
	struct metric_sample s;
	int answer;
};

static void begin(struct visit *v, const struct metric_family *family)
{
	v->s = (struct metric_sample){ .family = family };
}

static void label(struct visit *v, const char *name, const char *key, const char *value)
{
	v->s.labels[v->s.n_labels++] = (struct metric_label){ name, key, value };
}

static void put(struct visit *v, double value)
{
	v->s.value = value;
	if (!v->answer)
		v->answer = v->sample(v->context, &v->s);
}

static void visit_kinds(struct visit *v, const struct metrics *m)
{
	for (unsigned i = 0; i < m->n_kinds; i++) {
		const struct kind *k = &m->kinds[i];
		const struct bt_sock s = { .family = k->family, .protocol = k->protocol };
		const char *protocol = k->family ? endpoint_protocol(&s) : NULL;

		begin(v, &failures);
		label(v, "operation", "bindtrace.operation",
		      k->operation ? operation_name(k->operation) : "unknown");
		label(v, "errno", "error.type", k->error ? errno_name(k->error) : "unknown");
		label(v, "reason", "bindtrace.reason",
		      k->reason ? reason_name(k->reason - 1) : "unknown");
		label(v, "protocol", "network.transport", protocol ?: "unknown");
		label(v, "family", "network.type", k->family ? family_name(k->family) : "unknown");
		put(v, (double)k->refusals);
	}
}

static void begin_port(struct visit *v, const struct metric_family *family, const struct port *p,
		       char number[8])
{
	snprintf(number, 8, "%u", p->port);
	begin(v, family);
	label(v, "port", "network.local.port", number);
	label(v, "protocol", "network.transport", protocol_name(p->protocol));
}

static void visit_ports(struct visit *v, const struct metrics *m, uint64_t realtime_ns)
{
	char number[8];

	for (unsigned i = 0; i < m->n_ports; i++) {
		begin_port(v, &port_failures, &m->ports[i], number);
		put(v, (double)m->ports[i].refusals);
	}
	for (unsigned i = 0; i < m->n_ports; i++) {
		if (m->ports[i].frees_ns <= realtime_ns)
			continue;
		begin_port(v, &port_wait, &m->ports[i], number);
		put(v, (double)(m->ports[i].frees_ns - realtime_ns) / 1e9);
	}
}

static void visit_named(struct visit *v, const struct metric_family *family, const char *name,
			const char *key, const struct named *list, unsigned n)
{
	for (unsigned i = 0; i < n && list[i].name[0]; i++) {
		begin(v, family);
		label(v, name, key, list[i].name);
		put(v, (double)list[i].n);
	}
}

static void visit_duration(struct visit *v, const struct metrics *m)
{
	begin(v, &duration);
	v->s.n_bounds = N_DURATIONS;
	v->s.bounds = metrics_durations;
	v->s.buckets = m->buckets;
	v->s.sum = m->waited_s;
	v->s.count = m->resolved;
	put(v, 0);
}

static void visit_ephemeral(struct visit *v, const struct metrics *m)
{
	const struct {
		const char *state;
		unsigned ports;
	} states[] = { { "size", m->ephemeral.size },
		       { "reserved", m->ephemeral.reserved },
		       { "taken", m->ephemeral.taken } };

	for (unsigned i = 0; i < sizeof(states) / sizeof(*states); i++) {
		begin(v, &ephemeral);
		label(v, "state", "bindtrace.state", states[i].state);
		put(v, states[i].ports);
	}
}

static void visit_build(struct visit *v, const struct metrics *m)
{
	begin(v, &build);
	label(v, "version", "bindtrace.version", m->version);
	label(v, "kernel", "os.version", m->kernel);
	label(v, "hook", "bindtrace.hook", m->hook);
	put(v, 1);
}

static void visit(struct visit *v, const struct metrics *m, uint64_t realtime_ns)
{
	visit_kinds(v, m);
	visit_ports(v, m, realtime_ns);
	if (m->last_ns) {
		begin(v, &last_failure);
		put(v, (double)m->last_ns / 1e9);
	}
	begin(v, &resolved);
	label(v, "how", "bindtrace.how", "bound");
	put(v, (double)m->resolved);
	visit_duration(v, m);
	visit_named(v, &lost, "stage", "bindtrace.stage", m->stages, MOST_STAGES);
	visit_named(v, &errors, "exporter", "bindtrace.exporter", m->errors, MOST_EXPORTERS);
	if (m->ephemeral.size)
		visit_ephemeral(v, m);
	if (m->version[0])
		visit_build(v, m);
}

static void visit_own(struct visit *v, const struct metrics *m)
{
	visit_named(v, &lost, "stage", "bindtrace.stage", m->lost_here, MOST_STAGES);
	visit_named(v, &errors, "exporter", "bindtrace.exporter", m->errors, MOST_EXPORTERS);
	if (m->ephemeral.size)
		visit_ephemeral(v, m);
}

int metrics_visit_own(struct metrics *m,
		      int (*sample)(void *context, const struct metric_sample *s), void *context)
{
	struct visit v = { .sample = sample, .context = context };

	pthread_mutex_lock(&m->lock);
	visit_own(&v, m);
	pthread_mutex_unlock(&m->lock);
	return v.answer;
}

int metrics_visit(struct metrics *m, uint64_t realtime_ns,
		  int (*sample)(void *context, const struct metric_sample *s), void *context)
{
	struct visit v = { .sample = sample, .context = context };

	pthread_mutex_lock(&m->lock);
	visit(&v, m, realtime_ns);
	pthread_mutex_unlock(&m->lock);
	return v.answer;
}
