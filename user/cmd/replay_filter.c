// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "cmd/replay_filter.h"

#include <sys/socket.h>

#include "model/endpoint.h"

bool filter_in_time(const struct options *o, uint64_t realtime_ns)
{
	return realtime_ns >= o->since_ns && (!o->until_ns || realtime_ns < o->until_ns);
}

static bool has(const uint32_t *list, uint32_t n, uint32_t value)
{
	for (uint32_t i = 0; i < n; i++)
		if (list[i] == value)
			return true;
	return !n;
}

bool filter_has_port(const struct options *o, uint16_t port)
{
	return !o->source.filter.by_port || o->source.ports[port / 64] >> port % 64 & 1;
}

bool filter_event(const struct options *o, const struct event *e)
{
	const struct bt_config *f = &o->source.filter;

	if (f->by_port && (e->rec.sock.family == AF_UNIX || !endpoint_asked(&e->rec)))
		return false;
	return filter_in_time(o, e->realtime_ns) && filter_has_port(o, e->rec.sock.port) &&
	       has(f->pids, f->n_pids, e->asker.pid) && has(f->errors, f->n_errors, e->rec.error);
}

bool filter_folded(const struct options *o, uint64_t realtime_ns, const struct folded *of)
{
	const struct bt_config *f = &o->source.filter;

	if (f->by_port && (of->key.family == AF_UNIX || !of->named))
		return false;
	return filter_in_time(o, realtime_ns) && filter_has_port(o, of->key.port) &&
	       has(f->pids, f->n_pids, of->key.pid) && has(f->errors, f->n_errors, of->key.error);
}
