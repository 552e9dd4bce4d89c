/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The lines that only a recording has. */
#include "sink/json.h"
#include "sink/json_parts.h"

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
