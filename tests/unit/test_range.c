// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* No port left, and pairs of endpoints that are taken. */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "refusal.h"

static void no_port_left(void **state)
{
	(void)state;
	refusal(BT_WHO_PROTOCOL, EADDRNOTAVAIL);
	e.rec.operation = BT_OP_CONNECT;
	e.rec.sock.port = 0;
	e.rec.port_low = 32768;
	e.rec.port_high = 60999;
	expect_reason(REASON_EPHEMERAL_EXHAUSTED, LAYER_PORT_TABLE);
	assert_non_null(strstr(e.verdict.summary, "32768 to 60999: 28232 ports"));
	assert_string_equal(advised(ACTION_WIDEN_PORT_RANGE)->command,
			    "sysctl -w net.ipv4.ip_local_port_range=\"10000 65535\"");
	assert_non_null(advised(ACTION_SET_BIND_ADDRESS_NO_PORT));
	e.rec.port_low = 1024;
	expect_reason(REASON_EPHEMERAL_EXHAUSTED, LAYER_PORT_TABLE);
	assert_string_equal(advised(ACTION_WIDEN_PORT_RANGE)->command,
			    "sysctl -w net.ipv4.ip_local_port_range=\"1024 65535\"");
	e.rec.port_high = 65535; /* there is no wider one */
	expect_reason(REASON_EPHEMERAL_EXHAUSTED, LAYER_PORT_TABLE);
	assert_null(advised(ACTION_WIDEN_PORT_RANGE));
	e.rec.bound_port = 4000;
	expect_reason(REASON_TUPLE_IN_USE, LAYER_PORT_TABLE);
	assert_null(advised(ACTION_WIDEN_PORT_RANGE));
	assert_non_null(strstr(e.verdict.summary, "exists already"));
	e.rec.walk = BT_WALK_DONE;
	expect_reason(REASON_TUPLE_IN_USE, LAYER_PORT_TABLE);
	assert_non_null(strstr(e.verdict.summary, "a moment ago"));
	e.rec.operation = BT_OP_AUTOBIND;
	e.rec.error = EAGAIN;
	expect_reason(REASON_EPHEMERAL_EXHAUSTED, LAYER_PORT_TABLE);
	refusal(BT_WHO_PROTOCOL, EADDRINUSE);
	e.rec.sock.port = 0;
	expect_reason(REASON_EPHEMERAL_EXHAUSTED, LAYER_PORT_TABLE);
}

/* From 127.0.0.1:4000 to 127.0.0.1:80. */
static struct bt_sock *connected(unsigned state)
{
	struct bt_sock *s = &e.rec.holders[e.rec.n_holders++].sock;

	*s = e.rec.sock;
	s->sk = 1 + e.rec.n_holders;
	s->state = (uint8_t)state;
	return s;
}

static void the_same_pair(void **state)
{
	struct bt_sock *s;

	(void)state;
	refusal(BT_WHO_PROTOCOL, EADDRNOTAVAIL);
	e.rec.operation = BT_OP_CONNECT;
	e.rec.rule = BT_RULE_TUPLE;
	e.rec.walk = BT_WALK_DONE;
	e.rec.sock.port = e.rec.bound_port = 4000;
	e.rec.sock.peer_port = 80;
	memcpy(e.rec.sock.peer, "\x7f\0\0\1", 4);
	memcpy(e.rec.sock.addr, "\x7f\0\0\1", 4);
	/* others on the port: to another peer, from another address, and itself */
	connected(BT_TCP_ESTABLISHED)->peer_port = 81;
	connected(BT_TCP_ESTABLISHED)->peer[3] = 2;
	connected(BT_TCP_ESTABLISHED)->addr[3] = 2;
	connected(BT_TCP_CLOSE)->peer_port = 0;
	expect_reason(REASON_TUPLE_IN_USE, LAYER_PORT_TABLE);
	assert_int_equal(e.verdict.decisive, -1);
	s = connected(BT_TCP_TIME_WAIT);
	s->flags = BT_SOCK_MINI | BT_SOCK_CULPRIT;
	s->substate = BT_TCP_TIME_WAIT;
	/* an IPv6 socket may have it, by the mapped address */
	s->family = AF_INET6;
	memcpy(s->peer, "\0\0\0\0\0\0\0\0\0\0\xff\xff\x7f\0\0\1", 16);
	memcpy(s->addr, s->peer, 16);
	e.rec.totals.blocking = 1;
	e.rec.totals.last_free_ns = 1000000000;
	expect_reason(REASON_TUPLE_TIME_WAIT, LAYER_PORT_TABLE);
	assert_int_equal(e.verdict.culprit, 4);
	assert_true(e.verdict.has_frees_in);
	assert_non_null(advised(ACTION_WAIT));
	assert_non_null(advised(ACTION_SET_TIMESTAMPS));
	/* who left the address open gets one from the route */
	memset(e.rec.sock.addr, 0, 16);
	s->flags = BT_SOCK_CULPRIT;
	s->state = BT_TCP_ESTABLISHED;
	e.rec.totals.blocking_lasting = 1;
	expect_reason(REASON_TUPLE_IN_USE, LAYER_PORT_TABLE);
	assert_null(advised(ACTION_WAIT));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_port_left),
		cmocka_unit_test(the_same_pair),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
