/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#include "sink/json.h"
#include "sink/json_parts.h"

int json_clock(int fd, const struct json_moment *m, const struct host_facts *h,
	       const struct clock_change *change)
{
	struct json_line l;
	int err;

	err = json_begin(&l, "clock", m->seq, m->boottime_ns, m->realtime_ns, h->host);
	if (err)
		return err;
	if (change->set_ns)
		json_put_seconds(l.root, "set_by_s", change->set_ns);
	if (change->slept_ns)
		json_put_seconds(l.root, "slept_s", (int64_t)change->slept_ns);
	return json_end(&l, fd);
}
