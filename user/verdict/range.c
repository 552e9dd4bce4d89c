// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* No local port is left for a socket that did not ask for one; or its connection exists already. */
#include <stdio.h>

#include "verdict/verdict.h"

enum { WIDE_LOW = 10000, WIDE_HIGH = 65535 };

enum bt_reason range_reason(const struct event *e)
{
	return e->rec.operation == BT_OP_CONNECT && e->rec.bound_port ? REASON_TUPLE_IN_USE
								      : REASON_EPHEMERAL_EXHAUSTED;
}

void range_summary(struct text *t, const struct event *e)
{
	const struct bt_record *r = &e->rec;
	unsigned low = r->port_low, high = r->port_high;

	if (e->verdict.reason != REASON_EPHEMERAL_EXHAUSTED) {
		text_printf(
			t,
			"the socket is bound to port %u, and a connection from there to this peer "
			"exists already or is in TIME_WAIT",
			r->bound_port);
		return;
	}
	if (bt_is_ping(&r->sock)) {
		text_add(t, "all 65535 ICMP identifiers are taken by ping sockets");
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

void range_advice(struct event *e)
{
	const struct bt_record *r = &e->rec;
	struct advice *a;

	if (e->verdict.reason != REASON_EPHEMERAL_EXHAUSTED) {
		verdict_advise(e, ACTION_USE_OTHER_PORT, EFFECTIVE_NOW,
			       "leave the local port to the kernel: no bind() before connect(), or "
			       "bind() the address with IP_BIND_ADDRESS_NO_PORT and port 0");
		return;
	}
	if (bt_is_ping(&r->sock))
		return;
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
