// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* What the commands print: resolved, check and ports. */
#include <arpa/inet.h>
#include <errno.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fixture.h"
#include "sink/ports.h"

static const struct text_options plain;

static struct bt_sock sock(const char *address, uint16_t port, uint8_t state)
{
	struct bt_sock s = {
		.family = AF_INET, .protocol = IPPROTO_TCP, .port = port, .state = state
	};

	inet_pton(AF_INET, address, s.addr);
	return s;
}

static void expect(int fd, const char *expected)
{
	char *text = fixture_read(fd);

	assert_string_equal(text, expected);
	free(text);
	close(fd);
}

/* A member of the only JSON line. */
static void expect_member(int fd, const char *key, const char *expected)
{
	char *text = fixture_read(fd);
	struct json_object *o = json_tokener_parse(text), *member = NULL;

	assert_non_null(o);
	json_object_object_get_ex(o, key, &member);
	assert_string_equal(member ? json_object_get_string(member) : "-", expected);
	json_object_put(o);
	free(text);
}

static void resolved(void **state)
{
	struct resolution story = { .incident = 3,
				    .asked = sock("127.0.0.1", 8000, BT_TCP_CLOSE),
				    .operation = BT_OP_BIND,
				    .refusals = 41,
				    .after_ns = 12400000000 };
	struct process who = { .pid = 4321, .comm = "python3" };
	struct json_moment m = { .seq = 7, .boottime_ns = 1, .realtime_ns = 1 };
	static struct host_facts host;
	int fd = fixture_open();

	(void)state;
	setenv("TZ", "UTC", 1);
	text_resolved(fd, &plain, &story, &who, 0);
	expect(fd,
	       "00:00:00.000  resolved: tcp 127.0.0.1:8000 bound by python3[4321] after 12.4 s and "
	       "41 refusals\n");
	fd = fixture_open();
	assert_int_equal(json_resolved(fd, &m, &host, &story, &who), 0);
	expect_member(fd, "kind", "resolved");
	expect_member(fd, "how", "bound");
	expect_member(fd, "incident", "3");
	expect_member(fd, "after_s", "12.4");
	expect_member(fd, "refusals", "41");
	close(fd);
}

static void a_name_cannot_forge_a_line(void **state)
{
	struct resolution story = { .asked = sock("127.0.0.1", 80, 0),
				    .operation = BT_OP_LISTEN,
				    .refusals = 1 };
	struct process who = { .pid = 1, .comm = "a\nb\033[2J" };
	int fd = fixture_open();

	(void)state;
	text_resolved(fd, &plain, &story, &who, 0);
	expect(fd, "00:00:00.000  resolved: tcp 127.0.0.1:80 listened on by a\\nb\\x1b[2J[1] after "
		   "0.0 s "
		   "and 1 refusal\n");
}

static void check(void **state)
{
	struct answer a = { .asked = { .family = AF_UNIX },
			    .path = "/run/x\n.sock",
			    .operation = "bind",
			    .error = EADDRINUSE,
			    .summary = "it was left behind",
			    .command = "rm it" };
	struct json_moment m = { .boottime_ns = 1, .realtime_ns = 1 };
	static struct host_facts host;
	int fd = fixture_open();

	(void)state;
	text_untraced(fd, &plain, &a);
	expect(fd, "bind would be refused: unix /run/x\\n.sock  EADDRINUSE\n"
		   "  why   it was left behind\n  do    rm it\n");
	fd = fixture_open();
	assert_int_equal(json_check(fd, &m, &host, &a), 0);
	expect_member(fd, "kind", "check");
	expect_member(fd, "free", "false");
	expect_member(fd, "address", "/run/x\n.sock");
	expect_member(fd, "errno", "EADDRINUSE");
	close(fd);
}

/* Many connections of one process are a number, few are told one by one. */
static void port(void **state)
{
	struct process processes[] = { { .pid = 10, .comm = "master" },
				       { .pid = 11, .comm = "worker" },
				       { .pid = 11, .comm = "worker" } };
	struct port_socket sockets[9];
	struct port_group g = { .protocol = IPPROTO_TCP,
				.port = 80,
				.netns = 2,
				.elsewhere = true,
				.netns_name = "blue",
				.sockets = sockets,
				.n_sockets = 9,
				.processes = processes };
	int fd = fixture_open(), i;

	(void)state;
	memset(sockets, 0, sizeof(sockets));
	for (i = 0; i < 9; i++) {
		sockets[i].sock = sock("10.0.0.1", 80, i ? BT_TCP_ESTABLISHED : BT_TCP_LISTEN);
		sockets[i].role = i ? ROLE_ACCEPTED : ROLE_LISTENER;
		sockets[i].first_process = i ? 2 : 0;
		sockets[i].n_processes = i ? 1 : 2;
		sockets[i].sock.peer_port = i ? 1000 + i : 0;
	}
	for (i = 7; i < 9; i++) {
		sockets[i].n_processes = 0;
		sockets[i].role = ROLE_TIME_WAIT;
		sockets[i].sock.state = sockets[i].sock.substate = BT_TCP_TIME_WAIT;
		sockets[i].sock.flags = BT_SOCK_MINI;
		sockets[i].sock.frees_in_ns = (40 + i) * 1000000000ll;
	}
	sockets[0].sock.reuse = 1;
	text_port(fd, &plain, &g);
	expect(fd,
	       "tcp 80  in network namespace blue\n"
	       "  LISTEN 10.0.0.1:80 by master[10], shared with worker[11]  uid 0  SO_REUSEADDR\n"
	       "  6 accepted connections by worker[11]\n"
	       "  TIME_WAIT 10.0.0.1:80 -- 0.0.0.0:1007, frees in 47.0 s\n"
	       "  TIME_WAIT 10.0.0.1:80 -- 0.0.0.0:1008, frees in 48.0 s\n");
}

/* Whoever is in another pid namespace is not seen: nothing is said of who has it. */
static void port_of_others(void **state)
{
	struct port_socket s[2] = {
		{ .sock = sock("10.0.0.1", 80, BT_TCP_LISTEN), .role = ROLE_LISTENER },
		{ .sock = sock("10.0.0.1", 80, BT_TCP_ESTABLISHED), .role = ROLE_ACCEPTED }
	};
	struct process nobody = { 0 };
	struct port_group g = { .protocol = IPPROTO_TCP,
				.port = 80,
				.partial = true,
				.sockets = s,
				.n_sockets = 2,
				.processes = &nobody };
	struct json_moment m = { .boottime_ns = 1, .realtime_ns = 1 };
	static struct host_facts host;
	int fd = fixture_open();
	char *text;

	(void)state;
	text_port(fd, &plain, &g);
	expect(fd, "tcp 80\n"
		   "  LISTEN 10.0.0.1:80, no process of this pid namespace has it open  uid 0\n"
		   "  ESTABLISHED 10.0.0.1:80, no process of this pid namespace has it open\n");
	s[1].sock.flags = BT_SOCK_NO_SOCKET; /* then nobody anywhere has */
	fd = fixture_open();
	text_port(fd, &plain, &g);
	text = fixture_read(fd);
	assert_non_null(strstr(text, "ESTABLISHED 10.0.0.1:80, not accepted yet\n"));
	free(text);
	fd = fixture_open();
	assert_int_equal(json_port(fd, &m, &host, &g, &s[0]), 0);
	text = fixture_read(fd);
	assert_null(strstr(text, "processes"));
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(resolved),	  cmocka_unit_test(a_name_cannot_forge_a_line),
		cmocka_unit_test(check),	  cmocka_unit_test(port),
		cmocka_unit_test(port_of_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
