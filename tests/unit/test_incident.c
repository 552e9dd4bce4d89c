// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* A refused endpoint is followed until somebody gets all of it, and told once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <arpa/inet.h>
#include <cmocka.h>

#include "cmd/incident.h"

static struct incident_table *table;
static struct event event;

static int setup(void **state)
{
	(void)state;
	table = calloc(1, sizeof(*table));
	return !table;
}

static int teardown(void **state)
{
	(void)state;
	free(table);
	return 0;
}

/* A call at a time, on an address. */
static struct event *call(const char *address, uint16_t port, uint16_t error, uint64_t ns)
{
	struct bt_sock *s = &event.rec.sock;

	memset(&event, 0, sizeof(event));
	event.rec.operation = BT_OP_BIND;
	event.rec.error = error;
	event.rec.addr_len = sizeof(struct sockaddr_in6);
	event.rec.sa_family = s->family = strchr(address, ':') ? AF_INET6 : AF_INET;
	event.rec.hdr.boottime_ns = ns;
	event.rec.task.netns = 1;
	event.verdict.layer = LAYER_PORT_TABLE;
	event.repeat.incident = ns;
	s->protocol = IPPROTO_TCP;
	s->port = port;
	assert_int_equal(inet_pton(s->family, address, s->addr), 1);
	return &event;
}

static uint16_t refused(const char *address, uint16_t port, uint64_t ns)
{
	return incident_refused(table, call(address, port, 98, ns));
}

static bool resolves(const char *address, uint16_t port, struct resolution *story)
{
	return incident_resolved(table, call(address, port, 0, 1000), story);
}

static void from_the_first_refusal(void **state)
{
	struct resolution story;

	(void)state;
	assert_int_equal(refused("127.0.0.1", 8000, 10), 0);
	assert_int_equal(refused("127.0.0.1", 8000, 20), 0);
	assert_int_equal(refused("127.0.0.1", 8000, 30), 0);
	assert_true(incident_waits(table, 8000));
	assert_true(resolves("127.0.0.1", 8000, &story));
	assert_int_equal(story.refusals, 3);
	assert_int_equal(story.after_ns, 990);
	assert_int_equal(story.incident, 10);
	assert_false(incident_waits(table, 8000));
	assert_false(resolves("127.0.0.1", 8000, &story));
}

/* A container is gone, and another one has got the number of its namespace. */
static void another_namespace(void **state)
{
	struct resolution story;

	(void)state;
	call("127.0.0.1", 8000, 98, 10)->rec.task.netns_cookie = 1;
	incident_refused(table, &event);
	call("127.0.0.1", 8000, 98, 20)->rec.task.netns_cookie = 2;
	incident_refused(table, &event);
	assert_int_equal(table->n, 2);
	call("127.0.0.1", 8000, 0, 30)->rec.task.netns_cookie = 3;
	assert_false(incident_resolved(table, &event, &story));
	event.rec.task.netns_cookie = 2;
	assert_true(incident_resolved(table, &event, &story));
	assert_int_equal(story.incident, 20);
	assert_false(incident_resolved(table, &event, &story));
}

static void all_of_it(void **state)
{
	static const struct {
		const char *asked, *got;
		bool resolves;
	} pairs[] = {
		{ "127.0.0.1", "127.0.0.1", true },
		{ "127.0.0.1", "0.0.0.0", true },
		{ "127.0.0.1", "::", true },
		{ "127.0.0.1", "127.0.0.2", false },
		{ "0.0.0.0", "127.0.0.1", false },
		{ "0.0.0.0", "0.0.0.0", true },
		{ "0.0.0.0", "::", true },
		{ "::", "0.0.0.0", false },
		{ "::", "::1", false },
		{ "::", "::", true },
		{ "::1", "127.0.0.1", false },
	};
	struct resolution story;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(pairs) / sizeof(*pairs); i++) {
		refused(pairs[i].asked, 8000, 10);
		if (resolves(pairs[i].got, 8000, &story) != pairs[i].resolves)
			fail_msg("%s against %s", pairs[i].asked, pairs[i].got);
		table->n = 0;
	}
}

static void another_one(void **state)
{
	struct resolution story;
	struct event *e;

	(void)state;
	refused("127.0.0.1", 8000, 10);
	assert_false(resolves("127.0.0.1", 8001, &story));
	e = call("127.0.0.1", 8000, 0, 20);
	e->rec.task.netns = 2;
	assert_false(incident_resolved(table, e, &story));
	e = call("127.0.0.1", 8000, 0, 20);
	e->rec.sock.protocol = IPPROTO_UDP;
	assert_false(incident_resolved(table, e, &story));
	e = call("127.0.0.1", 8000, 0, 20);
	e->rec.operation = BT_OP_LISTEN;
	assert_false(incident_resolved(table, e, &story));
	/* a success that came before the refusal */
	assert_false(incident_resolved(table, call("127.0.0.1", 8000, 0, 5), &story));
	/* MPTCP is in TCP's port table */
	e = call("127.0.0.1", 8000, 0, 20);
	e->rec.sock.protocol = 262;
	assert_true(incident_resolved(table, e, &story));
}

static void nothing_to_wait_for(void **state)
{
	struct event *e = call("127.0.0.1", 8000, 22, 10);

	(void)state;
	e->verdict.layer = LAYER_ARGUMENTS;
	incident_refused(table, e);
	assert_int_equal(table->n, 0);
	refused("127.0.0.1", 0, 10);
	assert_int_equal(table->n, 0);
	/* connect() from a bound port: the port was had, what is refused is the connection */
	e = call("127.0.0.1", 8000, 99, 10);
	e->rec.operation = BT_OP_CONNECT;
	incident_refused(table, e);
	assert_int_equal(table->n, 0);
}

static void too_many(void **state)
{
	uint16_t port;

	(void)state;
	for (port = 1; port <= MAX_INCIDENTS; port++)
		assert_int_equal(refused("127.0.0.1", port, 10), 0);
	assert_int_equal(refused("127.0.0.1", 1, 20), 0);
	assert_false(table->forgot);
	assert_int_equal(refused("127.0.0.1", 9000, 30), 1);
	assert_true(table->forgot);
	assert_int_equal(table->n, MAX_INCIDENTS);
	assert_true(incident_waits(table, 9000));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(from_the_first_refusal, setup, teardown),
		cmocka_unit_test_setup_teardown(another_namespace, setup, teardown),
		cmocka_unit_test_setup_teardown(all_of_it, setup, teardown),
		cmocka_unit_test_setup_teardown(another_one, setup, teardown),
		cmocka_unit_test_setup_teardown(nothing_to_wait_for, setup, teardown),
		cmocka_unit_test_setup_teardown(too_many, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
