// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* No local port is left for a socket that did not ask for one; or its connection exists already. */
#include <stdio.h>

#include "base/clock.h"
#include "verdict/verdict.h"

enum { WIDE_LOW = 10000, WIDE_HIGH = 65535 };

/* connect() from a port that bind() has given it: the connection there would be is there already. */
static bool is_tuple(const struct bt_record *r)
{
	return r->operation == BT_OP_CONNECT && r->bound_port;
}

enum bt_reason range_reason(const struct event *e)
{
	if (!is_tuple(&e->rec))
		return REASON_EPHEMERAL_EXHAUSTED;
	if (e->verdict.decisive < 0)
		return REASON_TUPLE_IN_USE;
	return e->rec.holders[e->verdict.decisive].sock.flags & BT_SOCK_MINI
		       ? REASON_TUPLE_TIME_WAIT
		       : REASON_TUPLE_IN_USE;
}

/* Without timestamps nothing tells the old connection's late segments from the new one's: tcp_twsk_unique(). */
static void add_tuple(struct text *t, const struct event *e)
{
	text_printf(t, "the socket is bound to port %u, and ", e->rec.bound_port);
	if (e->verdict.reason == REASON_TUPLE_TIME_WAIT)
		text_add(
			t,
			"what is left of a connection from there to this very peer keeps the pair; "
			"it had no TCP timestamps, with which it would be taken over");
	else if (e->rec.walk && e->verdict.decisive < 0)
		text_add(t, "a connection from there to this very peer was there a moment ago");
	else
		text_add(t, "a connection from there to this very peer exists already");
}

static unsigned ports_of(const struct census *c)
{
	return c->last - c->first + 1u;
}

unsigned range_free(const struct event *e)
{
	const struct census *c = &e->census;
	unsigned used = c->reserved + c->taken;

	return c->known && used < ports_of(c) ? ports_of(c) - used : 0;
}

/* "28232 ports, 5 reserved, 28227 taken, 12000 of them only by TIME_WAIT" */
static void add_census(struct text *t, const struct event *e)
{
	const struct census *c = &e->census;

	text_printf(t, "%u ports", ports_of(c));
	if (c->reserved)
		text_printf(t, ", %u reserved", c->reserved);
	text_printf(t, ", %u taken", c->taken);
	if (c->time_wait)
		text_printf(t, ", %u of them only by TIME_WAIT", c->time_wait);
	if (e->rec.operation == BT_OP_CONNECT)
		text_printf(t, ", %u by connections to this very peer", c->to_peer);
	if (range_free(e))
		text_printf(t, ", %u free a moment later", range_free(e));
}

void range_summary(struct text *t, const struct event *e)
{
	const struct bt_record *r = &e->rec;
	unsigned low = r->port_low, high = r->port_high;

	if (e->verdict.reason != REASON_EPHEMERAL_EXHAUSTED) {
		add_tuple(t, e);
		return;
	}
	if (bt_is_ping(&r->sock)) {
		text_add(t, "all 65535 ICMP identifiers are taken by ping sockets");
		return;
	}
	text_add(t, "no free local port is left");
	if (!low || high < low)
		return;
	text_printf(t, " in %s, %u to %u: ",
		    r->narrowed ? "the socket's own IP_LOCAL_PORT_RANGE"
				: "net.ipv4.ip_local_port_range",
		    low, high);
	if (e->census.known)
		add_census(t, e);
	else
		text_printf(t, "%u ports, less the reserved%s", high - low + 1,
			    r->operation == BT_OP_CONNECT
				    ? "; each of them is bound or connected to this very peer"
				    : "");
}

static void advise_tuple(struct event *e)
{
	struct advice *a;

	verdict_advise_wait(e);
	verdict_advise(e, ACTION_USE_OTHER_PORT, EFFECTIVE_NOW,
		       "leave the local port to the kernel: no bind() before connect(), or "
		       "bind() the address with IP_BIND_ADDRESS_NO_PORT and port 0");
	if (e->verdict.reason != REASON_TUPLE_TIME_WAIT)
		return;
	a = verdict_advise(
		e, ACTION_SET_TIMESTAMPS, EFFECTIVE_NEXT_RESTART,
		"switch TCP timestamps on, on both ends: from then on such a rest is taken "
		"over at once");
	if (a)
		snprintf(a->command, sizeof(a->command), "sysctl -w net.ipv4.tcp_timestamps=1");
}

static void advise_first_free(struct event *e)
{
	const struct census *c = &e->census;
	char text[EVENT_TEXT];
	struct text t;

	if (!c->time_wait)
		return;
	text_init(&t, text, sizeof(text));
	text_add(&t, "wait ");
	clock_add_wait(&t, c->first_free_ns > 0 ? (uint64_t)c->first_free_ns : 0);
	text_printf(&t, ": then the first of the %u ports that only TIME_WAIT has is free",
		    c->time_wait);
	verdict_advise(e, ACTION_WAIT, EFFECTIVE_AFTER_WAIT, text);
}

static void advise_wider(struct event *e)
{
	const struct bt_record *r = &e->rec;
	struct advice *a;

	if (r->narrowed) {
		verdict_advise(
			e, ACTION_WIDEN_PORT_RANGE, EFFECTIVE_NOW,
			"give the socket a wider range of its own (IP_LOCAL_PORT_RANGE), or none");
		return;
	}
	if (r->port_low <= WIDE_LOW && r->port_high >= WIDE_HIGH)
		return;
	a = verdict_advise(e, ACTION_WIDEN_PORT_RANGE, EFFECTIVE_NOW,
			   "widen the range, in the network namespace of the program");
	if (a)
		snprintf(a->command, sizeof(a->command),
			 "sysctl -w net.ipv4.ip_local_port_range=\"%d %d\"",
			 r->port_low && r->port_low < WIDE_LOW ? r->port_low : WIDE_LOW, WIDE_HIGH);
}

void range_advice(struct event *e)
{
	const struct bt_record *r = &e->rec;

	if (e->verdict.reason != REASON_EPHEMERAL_EXHAUSTED) {
		advise_tuple(e);
		return;
	}
	if (bt_is_ping(&r->sock))
		return;
	advise_first_free(e);
	advise_wider(e);
	if (e->census.reserved)
		verdict_advise(
			e, ACTION_UNRESERVE_PORTS, EFFECTIVE_NOW,
			"take out of net.ipv4.ip_local_reserved_ports what nobody needs to be "
			"kept");
	if (r->operation == BT_OP_CONNECT)
		verdict_advise(
			e, ACTION_SET_BIND_ADDRESS_NO_PORT, EFFECTIVE_NEXT_RESTART,
			"set IP_BIND_ADDRESS_NO_PORT where programs bind() an address before "
			"connect(): a port taken by bind() serves no other destination");
}
