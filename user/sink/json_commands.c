// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The lines that are about more than one event, or about none. */
#include <netinet/in.h>
#include <sys/socket.h>

#include "model/endpoint.h"
#include "sink/json.h"
#include "sink/json_parts.h"

/* As of the refusals that it stands for. */
static void put_folded(struct json_line *l, const struct folded *of)
{
	struct json_object *who = json_object_new_object();
	struct bt_sock s = endpoint_folded(of);

	json_put_name(l->root, "operation", operation_name(of->key.operation));
	json_put_name(l->root, "errno", errno_name(of->key.error));
	json_put_int(l->root, "errno_number", of->key.error);
	json_put_name(l->root, "protocol", endpoint_protocol(&s));
	json_put_name(l->root, "family", s.family ? family_name(s.family) : NULL);
	if (of->named && s.family == AF_UNIX)
		json_put_unix_name(l, l->root, of->path, of->path_len);
	else if (of->named)
		json_put_address(l->root, "address", s.addr, s.family);
	if (s.protocol == IPPROTO_RAW)
		json_put_int(l->root, "ip_protocol", s.port);
	else if (of->named && s.family != AF_UNIX)
		json_put_int(l->root, "port", s.port);
	if (s.ifindex)
		json_put_int(l->root, "bound_device", s.ifindex);
	json_put_count(l->root, "netns", of->key.netns);
	json_put_int(who, "pid", of->key.pid);
	json_put_text(l, who, "comm", of->comm);
	json_put(l->root, "process", who);
}

int json_folded(int fd, const struct json_moment *m, const struct host_facts *h,
		const struct folded *of, const struct repeat *repeat)
{
	struct json_line l;
	int err;

	err = json_begin(&l, "folded", m->seq, m->boottime_ns, m->realtime_ns, h->host);
	if (err)
		return err;
	if (of->key.pid)
		put_folded(&l, of);
	json_put_repeat(&l, repeat);
	return json_end(&l, fd);
}

int json_resolved(int fd, const struct json_moment *m, const struct host_facts *h,
		  const struct resolution *story, const struct process *who)
{
	struct json_line l;
	int err;

	err = json_begin(&l, "resolved", m->seq, m->boottime_ns, m->realtime_ns, h->host);
	if (err)
		return err;
	json_put_count(l.root, "incident", story->incident);
	json_put(l.root, "operation", json_object_new_string(operation_name(story->operation)));
	json_put_endpoint(l.root, &story->asked);
	if (story->asked.ifindex)
		json_put_int(l.root, "bound_device", story->asked.ifindex);
	json_put_count(l.root, "netns", story->netns);
	json_put(l.root, "how", json_object_new_string("bound"));
	json_put(l.root, "process", json_process(&l, who));
	json_put_seconds(l.root, "after_s", (int64_t)story->after_ns);
	json_put_count(l.root, "refusals", story->refusals);
	if (story->adds >= 0)
		json_put_int(l.root, "adds", story->adds);
	return json_end(&l, fd);
}

int json_check(int fd, const struct json_moment *m, const struct host_facts *h,
	       const struct answer *a)
{
	struct json_line l;
	int err;

	err = json_begin(&l, "check", m->seq, m->boottime_ns, m->realtime_ns, h->host);
	if (err)
		return err;
	json_put_bool(l.root, "free", !a->error);
	if (a->asked.family != AF_UNIX) {
		json_put_endpoint(l.root, &a->asked);
	} else {
		json_put(l.root, "protocol", json_object_new_string("unix"));
		json_put(l.root, "family", json_object_new_string("unix"));
		json_put_text(&l, l.root, "address", a->path);
	}
	if (a->error) {
		json_put(l.root, "operation", json_object_new_string(a->operation));
		json_put(l.root, "errno", json_object_new_string(errno_name(a->error)));
		json_put_int(l.root, "errno_number", a->error);
		json_put_text(&l, l.root, "summary", a->summary);
	}
	if (a->waited)
		json_put_seconds(l.root, "waited_s", (int64_t)a->waited_ns);
	return json_end(&l, fd);
}
