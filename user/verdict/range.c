// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* No local port is left for a socket that did not ask for one; or its connection exists already. */
#include <stdio.h>

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

void range_summary(struct text *t, const struct event *e)
{
	const struct bt_record *r = &e->rec;
	unsigned low = r->port_low, high = r->port_high;

	if (e->verdict.reason != REASON_EPHEMERAL_EXHAUSTED) {
		add_tuple(t, e);
		return;
	}
	text_add(t, "no free local port is left");
	if (low && high >= low)
		text_printf(
			t,
			" in net.ipv4.ip_local_port_range, %u to %u: %u ports, less the reserved",
			low, high, high - low + 1);
	if (r->operation == BT_OP_CONNECT)
		text_add(t, "; each of them is bound or connected to this very peer");
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

void range_advice(struct event *e)
{
	const struct bt_record *r = &e->rec;
	struct advice *a;

	if (e->verdict.reason != REASON_EPHEMERAL_EXHAUSTED) {
		advise_tuple(e);
		return;
	}
	if (r->port_low > WIDE_LOW || r->port_high < WIDE_HIGH) {
		a = verdict_advise(
			e, ACTION_WIDEN_PORT_RANGE, EFFECTIVE_NOW,
			"widen the range, in the network namespace of the program (and see "
			"that ip_local_reserved_ports takes no more than it must)");
		if (a)
			snprintf(a->command, sizeof(a->command),
				 "sysctl -w net.ipv4.ip_local_port_range=\"%u %u\"",
				 r->port_low && r->port_low < WIDE_LOW ? r->port_low : WIDE_LOW,
				 WIDE_HIGH);
	}
	if (r->operation == BT_OP_CONNECT)
		verdict_advise(
			e, ACTION_SET_BIND_ADDRESS_NO_PORT, EFFECTIVE_NEXT_RESTART,
			"set IP_BIND_ADDRESS_NO_PORT where programs bind() an address before "
			"connect(): a port taken by bind() serves no other destination");
}
