// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "cmd/incident.h"

#include <netinet/in.h>
#include <string.h>

#include "model/endpoint.h"

static bool same_port_table(uint16_t a, uint16_t b)
{
	const uint16_t mptcp = 262; /* its subflows are TCP sockets */

	return (a == mptcp ? IPPROTO_TCP : a) == (b == mptcp ? IPPROTO_TCP : b);
}

/* The number alone may be that of a namespace that is gone. */
static bool same_netns(const struct resolution *story, uint32_t netns, uint32_t cookie)
{
	return story->netns == netns && story->netns_cookie == cookie;
}

static bool same_endpoint(const struct resolution *story, const struct event *e)
{
	const struct bt_sock *s = &e->rec.sock;

	return story->asked.port == s->port &&
	       same_netns(story, e->rec.task.netns, e->rec.task.netns_cookie) &&
	       story->operation == e->rec.operation && story->asked.family == s->family &&
	       story->asked.ifindex == s->ifindex &&
	       same_port_table(story->asked.protocol, s->protocol) &&
	       !memcmp(story->asked.addr, s->addr, sizeof(s->addr));
}

/* A wrong argument stays wrong whoever gets the port; of a connect() it is not the port that is refused. */
static bool can_end(const struct event *e)
{
	return (e->rec.operation == BT_OP_BIND || e->rec.operation == BT_OP_LISTEN) &&
	       e->rec.sock.port && e->verdict.layer != LAYER_ARGUMENTS && endpoint_asked(&e->rec);
}

static void take_out(struct incident_table *table, unsigned i)
{
	table->n--;
	memmove(&table->open[i], &table->open[i + 1], (table->n - i) * sizeof(table->open[0]));
}

uint16_t incident_refused(struct incident_table *table, const struct event *e)
{
	uint16_t dropped = 0;
	struct incident *new;
	unsigned i;

	if (!can_end(e))
		return 0;
	for (i = 0; i < table->n; i++) {
		if (same_endpoint(&table->open[i].story, e)) {
			table->open[i].events++;
			return 0;
		}
	}
	if (table->n == MAX_INCIDENTS) {
		dropped = table->open[0].story.asked.port;
		take_out(table, 0);
		table->forgot = true;
	}
	new = &table->open[table->n++];
	*new = (struct incident){ .first_ns = e->rec.hdr.boottime_ns, .events = 1 };
	new->story = (struct resolution){ .incident = e->repeat.incident,
					  .asked = e->rec.sock,
					  .operation = e->rec.operation,
					  .netns = e->rec.task.netns,
					  .netns_cookie = e->rec.task.netns_cookie };
	return dropped && !incident_waits(table, dropped) ? dropped : 0;
}

/* Does the address got include all of what was refused? A part of a wildcard is not what was asked for. */
static bool covers(const struct bt_sock *asked, const struct bt_sock *got, uint32_t rule)
{
	switch (bt_overlap(asked, got, rule)) {
	case BT_OVERLAP_SAME_ADDRESS:
	case BT_OVERLAP_BOTH_WILDCARD:
	case BT_OVERLAP_HOLDER_WILDCARD:
		return true;
	case BT_OVERLAP_DUAL_STACK:
		return bt_is_any6(got);
	default:
		return false;
	}
}

static bool gets(const struct resolution *story, const struct event *e)
{
	const struct bt_sock *s = &e->rec.sock;

	return story->asked.port == s->port &&
	       same_netns(story, e->rec.task.netns, e->rec.task.netns_cookie) &&
	       story->operation == e->rec.operation &&
	       same_port_table(story->asked.protocol, s->protocol) &&
	       covers(&story->asked, s, e->rec.rule);
}

bool incident_resolved(struct incident_table *table, const struct event *e,
		       struct resolution *story)
{
	unsigned i;

	for (i = 0; i < table->n; i++) {
		const struct incident *incident = &table->open[i];

		/* records of two CPUs may come in the wrong order */
		if (!gets(&incident->story, e) || incident->first_ns > e->rec.hdr.boottime_ns)
			continue;
		*story = incident->story;
		story->refusals = incident->events;
		story->after_ns = e->rec.hdr.boottime_ns - incident->first_ns;
		take_out(table, i);
		return true;
	}
	return false;
}

bool incident_waits(const struct incident_table *table, uint16_t port)
{
	unsigned i;

	for (i = 0; i < table->n; i++)
		if (table->open[i].story.asked.port == port)
			return true;
	return false;
}

bool incident_has(const struct resolution *story, const struct bt_fold_key *key)
{
	return key->port == story->asked.port && same_netns(story, key->netns, key->netns_cookie) &&
	       key->operation == story->operation && key->family == story->asked.family &&
	       key->ifindex == story->asked.ifindex &&
	       same_port_table(key->protocol, story->asked.protocol) &&
	       !memcmp(key->addr, story->asked.addr, sizeof(key->addr));
}
