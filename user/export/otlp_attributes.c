// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "export/otlp_attributes.h"

#include <string.h>

#include "base/text.h"
#include "export/otlp_json.h"

enum { MOST_KEY = 64 };

struct row {
	const char *path; /* in the line: "process.pid", "processes.0.pid" */
	const char *key;
};

static const struct row process_rows[] = {
	{ "pid", "process.pid" },
	{ "pid_in_namespace", "process.vpid" },
	{ "ppid", "process.parent_pid" },
	{ "comm", "process.executable.name" },
	{ "exe", "process.executable.path" },
	{ "cmdline", "process.command_args" },
	{ "uid", "process.user.id" },
	{ "user", "process.user.name" },
	{ "start_time", "process.creation.time" },
	{ "cgroup", "process.linux.cgroup" },
	{ "container.id", "container.id" },
	{ "container.name", "container.name" },
	{ "container.runtime", "container.runtime.name" },
	{ "pod.namespace", "k8s.namespace.name" },
	{ "pod.name", "k8s.pod.name" },
	{ "pod.uid", "k8s.pod.uid" },
	{ NULL, NULL },
};

static const struct row endpoint_rows[] = {
	{ "protocol", "network.transport" },
	{ "family", "network.type" },
	{ "address", "network.local.address" },
	{ "port", "network.local.port" },
	{ "peer_address", "network.peer.address" },
	{ "peer_port", "network.peer.port" },
	{ NULL, NULL },
};

/* of everything that happened */
static const struct row line_rows[] = {
	{ "kind", "bindtrace.kind" },
	{ "seq", "bindtrace.seq" },
	{ "operation", "bindtrace.operation" },
	{ "errno", "error.type" },
	{ "errno_number", "bindtrace.errno_number" },
	{ "netns", "bindtrace.netns" },
	{ "process.netns", "bindtrace.netns" },
	{ "process.netns_name", "bindtrace.netns_name" },
	{ "process.parent_comm", "bindtrace.process.parent.name" },
	{ "process.unit", "bindtrace.process.unit" },
	{ "repeat.count", "bindtrace.repeat.count" },
	{ "repeat.first_time", "bindtrace.repeat.first_time" },
	{ "repeat.incident", "bindtrace.incident" },
	{ NULL, NULL },
};

static const struct row failure_rows[] = {
	{ "layer", "bindtrace.layer" },
	{ "frees_in_s", "bindtrace.frees_in" },
	{ "frees_at", "bindtrace.frees_at" },
	{ "frees_at_least", "bindtrace.frees_at_least" },
	{ "via", "bindtrace.via" },
	{ "given_family", "bindtrace.given_family" },
	{ "given_length", "bindtrace.given_length" },
	{ "several_addresses", "bindtrace.several_addresses" },
	{ "asked_address", "bindtrace.asked.address" },
	{ "asked_port", "bindtrace.asked.port" },
	{ "address_state", "bindtrace.address.state" },
	{ "address_device", "bindtrace.address.device" },
	{ "address_carrier", "bindtrace.address.carrier" },
	{ "port_range", "bindtrace.port_range" },
	{ "security_modules", "bindtrace.security_modules" },
	{ "bpf_programs", "bindtrace.bpf_programs" },
	{ "socket.reuse_address", "bindtrace.socket.reuse_address" },
	{ "socket.reuse_port", "bindtrace.socket.reuse_port" },
	{ "socket.v6only", "bindtrace.socket.v6only" },
	{ "holder_totals.total", "bindtrace.holders.total" },
	{ "holder_totals.blocking", "bindtrace.holders.blocking" },
	{ "holder_totals.truncated", "bindtrace.holders.truncated" },
	{ "coverage.hook", "bindtrace.hook" },
	{ "coverage.missing", "bindtrace.missing" },
	{ NULL, NULL },
};

/* of the holder that the reason is about */
static const struct row holder_rows[] = {
	{ "role", "bindtrace.holder.role" },
	{ "state", "bindtrace.holder.state" },
	{ "address", "bindtrace.holder.address" },
	{ "port", "bindtrace.holder.port" },
	{ "peer_address", "bindtrace.holder.peer.address" },
	{ "peer_port", "bindtrace.holder.peer.port" },
	{ "uid", "bindtrace.holder.uid" },
	{ "reuse_address", "bindtrace.holder.reuse_address" },
	{ "reuse_port", "bindtrace.holder.reuse_port" },
	{ "kernel", "bindtrace.holder.kernel" },
	{ "overlap", "bindtrace.holder.overlap" },
	{ "reuseaddr_refused", "bindtrace.holder.reuseaddr_refused" },
	{ "reuseport_refused", "bindtrace.holder.reuseport_refused" },
	{ "processes.0.unit", "bindtrace.holder.process.unit" },
	{ "processes.0.forwards_to.container.id", "bindtrace.holder.forwards_to.container.id" },
	{ "processes.0.forwards_to.container.name", "bindtrace.holder.forwards_to.container.name" },
	{ "time_wait.frees_in_s", "bindtrace.time_wait.remaining" },
	{ NULL, NULL },
};

/* whose processes those are */
static const struct row holder_processes[] = {
	{ "processes.0", "bindtrace.holder." },
	{ "bound_by", "bindtrace.holder.bound_by." },
	{ "open_at_start", "bindtrace.holder.open_at_start." },
	{ "closed_by", "bindtrace.holder.closed_by." },
	{ "time_wait.closed_by", "bindtrace.holder.closed_by." },
	{ NULL, NULL },
};

static const struct row resolved_rows[] = {
	{ "incident", "bindtrace.incident" },
	{ "how", "bindtrace.how" },
	{ "after_s", "bindtrace.after" },
	{ "refusals", "bindtrace.incident.refusals" },
	{ NULL, NULL },
};

static const struct row lost_rows[] = {
	{ "stage", "bindtrace.stage" },
	{ "count", "bindtrace.lost" },
	{ NULL, NULL },
};

static const struct value *step(const struct value *v, const char *word)
{
	if (v->type == VALUE_OBJECT)
		return value_member(v, word);
	if (v->type != VALUE_LIST)
		return NULL;
	v = v->first;
	for (int i = atoi(word); v && i > 0; i--)
		v = v->next;
	return v;
}

/* NULL: it is not there. */
static const struct value *find(const struct value *v, const char *path)
{
	char words[MOST_KEY], *rest, *word;

	strcpy(words, path);
	for (word = strtok_r(words, ".", &rest); v && word; word = strtok_r(NULL, ".", &rest))
		v = step(v, word);
	return v;
}

/* The first of a list; NULL: there is none, or this is no list. */
static const struct value *first(const struct value *list)
{
	return list && list->type == VALUE_LIST ? list->first : NULL;
}

static void add_rows(struct json_object *attributes, const struct value *o, const struct row *rows,
		     const char *prefix)
{
	char key[2 * MOST_KEY];
	struct text t;

	for (; rows->path; rows++) {
		text_init(&t, key, sizeof(key));
		text_add(&t, prefix);
		text_add(&t, rows->key);
		otlp_add(attributes, key, otlp_value(find(o, rows->path)));
	}
}

static void add_process(struct json_object *attributes, const struct value *process,
			const char *prefix)
{
	if (process)
		add_rows(attributes, process, process_rows, prefix);
}

/* The holder that has to be dealt with. */
static const struct value *decisive(const struct value *line)
{
	const struct value *h = first(find(line, "holders")), *is;

	for (; h; h = h->next) {
		is = find(h, "decisive");
		if (is && is->type == VALUE_BOOL && is->count)
			break;
	}
	return h;
}

static void add_holder(struct json_object *attributes, const struct value *line)
{
	const struct value *holder = decisive(line);

	if (!holder)
		return;
	add_rows(attributes, holder, holder_rows, "");
	for (const struct row *r = holder_processes; r->path; r++)
		add_process(attributes, find(holder, r->path), r->key);
}

/* What to do, as it is said; the rest of it is in the line for programs. */
static void add_advice(struct json_object *attributes, const struct value *line)
{
	const struct value *advice = first(find(line, "advice"));
	struct json_object *texts, *text;

	if (!advice)
		return;
	texts = json_object_new_array();
	for (int n = 0; advice && n < OTLP_MOST_ITEMS; advice = advice->next, n++) {
		text = otlp_value(find(advice, "text"));
		if (text)
			json_object_array_add(texts, text);
	}
	otlp_add(attributes, "bindtrace.advice", otlp_list(texts));
}

struct json_object *otlp_attributes(const struct export_line *l)
{
	struct json_object *list = json_object_new_array();
	const struct value *line = l->object;

	if (l->kind != KIND_LOST && l->reason_known)
		otlp_add_text(list, "bindtrace.reason", reason_name(l->reason));
	add_rows(list, line, line_rows, "");
	if (l->kind == KIND_LOST) {
		add_rows(list, line, lost_rows, "");
		return list;
	}
	otlp_add_u64(list, "bindtrace.refusals", l->refusals);
	add_rows(list, line, endpoint_rows, "");
	add_process(list, find(line, "process"), "");
	if (l->kind == KIND_RESOLVED)
		add_rows(list, line, resolved_rows, "");
	if (l->kind != KIND_FAILURE)
		return list;
	add_rows(list, line, failure_rows, "");
	add_advice(list, line);
	add_holder(list, line);
	return list;
}
