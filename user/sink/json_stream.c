// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The lines of a stream, or of a recording, that are about the stream itself. */
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "sink/json.h"
#include "sink/json_parts.h"

/* A number, a list of numbers ("32768 60999"), or the text itself ("8080,9000-9100"). */
static struct json_object *sysctl_value(struct json_line *l, const char *value)
{
	struct json_object *list;
	unsigned low, high;
	uint64_t number;

	if (!number_u64(value, &number))
		return json_object_new_uint64(number);
	if (sscanf(value, "%u\t%u", &low, &high) != 2)
		return json_string(l, value, strlen(value));
	list = json_object_new_array();
	json_object_array_add(list, json_object_new_uint64(low));
	json_object_array_add(list, json_object_new_uint64(high));
	return list;
}

static struct json_object *sysctls(struct json_line *l, const struct host_facts *h)
{
	struct json_object *o = json_object_new_object();

	for (int i = 0; i < N_HOST_SYSCTLS; i++)
		json_put(o, host_sysctl_name(i),
			 h->sysctls[i].known ? sysctl_value(l, h->sysctls[i].value) : NULL);
	return o;
}

int json_header(int fd, const struct json_moment *m, const struct host_facts *h,
		const struct coverage *c, const char *version, int argc, char *const argv[])
{
	struct json_object *args = json_object_new_array();
	struct json_line l;
	int err;

	err = json_begin(&l, "header", m->seq, m->boottime_ns, m->realtime_ns, h->host);
	if (err) {
		json_object_put(args);
		return err;
	}
	json_put_text(&l, l.root, "version", version);
	json_put_text(&l, l.root, "boot_id", h->boot_id);
	json_put_text(&l, l.root, "kernel", h->kernel);
	json_put_text(&l, l.root, "machine", h->machine);
	for (int i = 0; i < argc; i++)
		json_object_array_add(args, json_string(&l, argv[i], strlen(argv[i])));
	json_put(l.root, "command_line", args);
	json_put(l.root, "coverage", json_coverage(c));
	json_put(l.root, "sysctls", sysctls(&l, h));
	return json_end(&l, fd);
}

int json_lost(int fd, const struct json_moment *m, const struct host_facts *h, const char *stage,
	      uint64_t count)
{
	struct json_line l;
	int err;

	err = json_begin(&l, "lost", m->seq, m->boottime_ns, m->realtime_ns, h->host);
	if (err)
		return err;
	json_put_text(&l, l.root, "stage", stage);
	json_put_count(l.root, "count", count);
	return json_end(&l, fd);
}

int json_footer(int fd, const struct json_moment *m, const struct host_facts *h,
		const struct totals *t)
{
	struct json_object *reasons = json_object_new_object();
	struct json_line l;
	int err;

	err = json_begin(&l, "footer", m->seq, m->boottime_ns, m->realtime_ns, h->host);
	if (err) {
		json_object_put(reasons);
		return err;
	}
	json_put_count(l.root, "refused", t->printed + t->folded + t->lost);
	json_put_count(l.root, "printed", t->printed);
	json_put_count(l.root, "folded", t->folded);
	json_put_count(l.root, "lost", t->lost);
	json_put_count(l.root, "states_missed", t->states_missed);
	if (t->filters_missed)
		json_put_count(l.root, "filters_missed", t->filters_missed);
	if (t->ends_missed)
		json_put_count(l.root, "ends_missed", t->ends_missed);
	for (int i = 0; i < N_REASONS; i++)
		if (t->by_reason[i])
			json_put_count(reasons, reason_name(i), t->by_reason[i]);
	json_put(l.root, "by_reason", reasons);
	return json_end(&l, fd);
}

int json_continued(int fd, const struct json_moment *m, const struct host_facts *h)
{
	struct json_line l;
	int err;

	err = json_begin(&l, "footer", m->seq, m->boottime_ns, m->realtime_ns, h->host);
	if (err)
		return err;
	json_put_bool(l.root, "continued", true);
	return json_end(&l, fd);
}

int json_unwritten(int fd, const struct json_moment *m, const struct host_facts *h,
		   uint64_t refusals, uint64_t lines)
{
	struct json_line l;
	int err;

	err = json_begin(&l, "lost", m->seq, m->boottime_ns, m->realtime_ns, h->host);
	if (err)
		return err;
	json_put_text(&l, l.root, "stage", "recording");
	json_put_count(l.root, "count", refusals);
	json_put_count(l.root, "lines", lines);
	return json_end(&l, fd);
}
