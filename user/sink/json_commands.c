/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The lines that are about more than one event, or about none. */
#include <sys/socket.h>

#include "sink/json.h"
#include "sink/json_parts.h"

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
