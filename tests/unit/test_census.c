// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Who has the ports of a range: the counting, and what is said of it. */
#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/census.h"
#include "refusal.h"

static struct census_look look;
static struct bt_open rows[64];

/* Any port of 30000 to 30009 for a TCP socket on this address. */
static void none_for(const char *address)
{
	memset(&look, 0, sizeof(look));
	look.rows = rows;
	refusal(BT_WHO_PROTOCOL, EADDRINUSE);
	e.rec.sock.port = 0;
	e.rec.port_low = 30000;
	e.rec.port_high = 30009;
	inet_pton(AF_INET, address, e.rec.sock.addr);
}

static struct bt_open *row(const char *address, uint16_t port, uint32_t pid)
{
	struct bt_open *o = &rows[look.n_rows++];

	memset(o, 0, sizeof(*o));
	o->sock.family = AF_INET;
	o->sock.protocol = 6;
	o->sock.port = port;
	o->sock.state = BT_TCP_LISTEN;
	o->sock.sk = 1000 + look.n_rows;
	inet_pton(AF_INET, address, o->sock.addr);
	o->pid = pid;
	o->start_ns = pid * 1000;
	strcpy(o->comm, "app");
	return o;
}

static const struct census *counted(void)
{
	census_count(&e.census, &e.rec, &look);
	assert_true(e.census.known);
	return &e.census;
}

static void counts_ports(void **state)
{
	const struct census *c;

	(void)state;
	none_for("127.0.0.1");
	row("127.0.0.1", 30000, 7);
	row("0.0.0.0", 30001, 7)->sock.reuse = 1;
	row("127.0.0.2", 30002, 7); /* another address */
	row("127.0.0.1", 29999, 7); /* outside */
	row("127.0.0.1", 30009, 8); /* the last one */
	row("127.0.0.1", 30009, 6); /* shared with an older process: its */
	row("127.0.0.1", 30003, 7); /* by two descriptors */
	row("127.0.0.1", 30003, 7);
	look.reserved[30000 / 64] |= 1ull << 30003 % 64 | 1ull << 30004 % 64;
	e.rec.sock.reuse = 1; /* for port 0 that lets nobody in */
	c = counted();
	assert_int_equal(c->reserved, 2);
	assert_int_equal(c->taken, 3);
	assert_int_equal(c->time_wait, 0);
	assert_int_equal(c->n_users, 2);
	assert_int_equal(c->users[0].who.pid, 7);
	assert_int_equal(c->users[0].ports, 2);
	assert_string_equal(c->users[0].who.comm, "app");
	assert_int_equal(c->users[1].who.pid, 6);
	assert_int_equal(c->users[1].ports, 1);
	expect_said(REASON_EPHEMERAL_EXHAUSTED,
		    "30000 to 30009: 10 ports, 2 reserved, 3 taken, 5 free a moment later");
	assert_non_null(advised(ACTION_UNRESERVE_PORTS));
	/* then it was somebody else who said no, if there is somebody */
	e.programs_known = true;
	e.n_programs = 1;
	e.programs[0].sets_error = 1;
	expect_said(REASON_CGROUP_DENIED, "no socket is in the way");
}

static void ranks_users(void **state)
{
	static const unsigned has[] = { 1, 3, 1, 2, 1 };
	const struct census *c;
	uint16_t port = 30000;

	(void)state;
	none_for("0.0.0.0");
	for (unsigned i = 0; i < 5; i++)
		for (unsigned n = 0; n < has[i]; n++)
			row("127.0.0.1", port++, 10 + i);
	/* the same number, another process */
	row("127.0.0.1", port++, 11)->start_ns = 1;
	c = counted();
	assert_int_equal(c->taken, 9);
	assert_int_equal(c->n_users, CENSUS_USERS);
	assert_int_equal(c->users[0].who.pid, 11);
	assert_int_equal(c->users[0].ports, 3);
	assert_int_equal(c->users[1].who.pid, 13);
	assert_int_equal(c->users[2].ports, 1);
	assert_int_equal(c->more_users, 3);
}

static struct bt_open *rest_of_connection(uint16_t port, int64_t frees_ns)
{
	struct bt_open *o = row("127.0.0.1", port, 0);

	o->sock.state = BT_TCP_TIME_WAIT;
	o->sock.flags = BT_SOCK_MINI;
	o->sock.frees_in_ns = frees_ns;
	return o;
}

static void what_comes_back(void **state)
{
	const struct census *c;

	(void)state;
	none_for("127.0.0.1");
	rest_of_connection(30000, 40000000000);
	rest_of_connection(30000, 50000000000);
	rest_of_connection(30001, 45000000000);
	rest_of_connection(30002, 1000000000);
	row("127.0.0.1", 30002, 7); /* which will stay */
	/* the look was two seconds later */
	e.rec.hdr.boottime_ns = 5000000000;
	look.time_ns = 7000000000;
	c = counted();
	assert_int_equal(c->taken, 3);
	assert_int_equal(c->time_wait, 2);
	assert_int_equal(c->first_free_ns, 47000000000);
	expect_said(REASON_EPHEMERAL_EXHAUSTED, "3 taken, 2 of them only by TIME_WAIT");
	assert_string_equal(advised(ACTION_WAIT)->text,
			    "wait 47.0 s: then the first of the 2 ports that only TIME_WAIT has is "
			    "free");
}

static void to_a_peer(void **state)
{
	const struct census *c;
	struct bt_open *o;

	(void)state;
	none_for("0.0.0.0");
	e.rec.operation = BT_OP_CONNECT;
	e.rec.error = EADDRNOTAVAIL;
	e.rec.sock.peer_port = 443;
	inet_pton(AF_INET, "192.0.2.1", e.rec.sock.peer);
	row("127.0.0.2", 30000, 7); /* bound: for connect() its address does not matter */
	for (uint16_t port = 30001; port < 30004; port++) {
		o = row("127.0.0.1", port, 7);
		o->sock.state = BT_TCP_ESTABLISHED;
		o->sock.peer_port = 443;
		inet_pton(AF_INET, "192.0.2.1", o->sock.peer);
	}
	o->sock.peer_port = 80;
	o[-1].sock.peer[3] = 2;
	c = counted();
	assert_int_equal(c->taken, 4);
	assert_int_equal(c->to_peer, 1);
	expect_said(REASON_EPHEMERAL_EXHAUSTED, "4 taken, 1 by connections to this very peer");
}

static void of_udp(void **state)
{
	(void)state;
	none_for("127.0.0.1");
	e.rec.sock.protocol = 17;
	e.rec.sock.reuse = 1;
	row("127.0.0.1", 30000, 7)->sock.protocol = 17;
	row("127.0.0.1", 30001, 7)->sock.reuse = 1; /* both let the other in */
	rows[1].sock.state = BT_TCP_CLOSE;
	assert_int_equal(counted()->taken, 1);
	/* no range, nothing to count */
	e.rec.port_low = 0;
	census_count(&e.census, &e.rec, &look);
	assert_false(e.census.known);
	expect_said(REASON_EPHEMERAL_EXHAUSTED, "no free local port is left");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counts_ports),	   cmocka_unit_test(ranks_users),
		cmocka_unit_test(what_comes_back), cmocka_unit_test(to_a_peer),
		cmocka_unit_test(of_udp),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
