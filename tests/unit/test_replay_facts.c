// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The same of what a refusal is about when it is no holder, and of the lines that are about several events. */
#include <errno.h>
#include <json-c/json.h>
#include <linux/bpf.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "replayed.h"

/* A refusal without holders. */
static struct event *refusal(enum bt_reason reason)
{
	struct event *e = fixture_time_wait();

	e->rec.n_holders = 0;
	e->rec.walk = 0;
	e->rec.totals = (struct bt_totals){ 0 };
	e->verdict.culprit = e->verdict.decisive = -1;
	e->verdict.reason = reason;
	e->verdict.has_frees_in = false;
	e->verdict.frees_in_ns = 0;
	return e;
}

static void programs(void **state)
{
	struct event *e = refusal(REASON_CGROUP_DENIED);

	(void)state;
	e->programs_known = true;
	replayed_same(e);
	e->n_programs = EVENT_MAX_PROGRAMS;
	for (unsigned i = 0; i < EVENT_MAX_PROGRAMS; i++)
		e->programs[i] =
			(struct cgroup_program){ .id = i + 1, .sets_error = (int8_t)(i % 3) - 1 };
	strcpy(e->programs[0].name, "sd_bind4");
	strcpy(e->programs[1].tag, "0123456789abcdef");
	strcpy(e->programs[2].cgroup, "/system.slice/a\033.service");
	strcpy(e->programs[3].unit, "a.service");
	e->programs[0].attach_type = BPF_CGROUP_INET4_BIND;
	e->programs[1].attach_type = BPF_CGROUP_INET6_POST_BIND;
	e->programs[2].attach_type = 1000; /* of another kernel's future */
	replayed_same(e);
	free(e);
}

static void addresses(void **state)
{
	struct event *e = refusal(REASON_ADDRESS_NOT_LOCAL);

	(void)state;
	for (unsigned i = 0; i < N_ADDRESS_STATES; i++) {
		e->address.state = i;
		replayed_same(e);
	}
	strcpy(e->address.device, "eth0");
	replayed_same(e);
	e->address.no_carrier = true;
	replayed_same(e);
	e->rec.rewritten = 1;
	e->rec.asked_port = 80;
	memcpy(e->rec.asked_addr, "\xc0\0\2\1", 4);
	replayed_same(e);
	e->rec.sock.protocol = IPPROTO_SCTP;
	e->rec.more_len = 16;
	replayed_same(e);
	e->rec.sock.protocol = IPPROTO_RAW;
	e->rec.more_len = 0;
	e->rec.bound_port = 47;
	replayed_same(e);
	e->rec.sock.protocol = IPPROTO_ICMP;
	replayed_same(e);
	free(e);
}

static void ranges(void **state)
{
	struct event *e = refusal(REASON_EPHEMERAL_EXHAUSTED);
	struct census *c = &e->census;

	(void)state;
	e->rec.port_low = 32768;
	e->rec.port_high = 60999;
	replayed_same(e);
	e->rec.narrowed = 1;
	*c = (struct census){ .known = true, .reserved = 5, .taken = 28227, .time_wait = 7 };
	replayed_same(e);
	e->rec.operation = BT_OP_CONNECT;
	c->to_peer = 65536;
	c->n_users = 3;
	c->more_users = 2;
	fixture_process(&c->users[0].who, 812, "nginx", "nginx: worker", sizeof("nginx: worker"));
	c->users[1].who = c->users[2].who = e->asker;
	c->users[2].who.start_ns++;
	c->users[0].ports = 28000;
	c->users[1].ports = 1;
	strcpy(c->users[0].who.container.id, "0123456789abcdef");
	e->n_containers = 1;
	strcpy(e->containers[0].id, "0123456789abcdef");
	strcpy(e->containers[0].name, "web");
	replayed_same(e);
	free(e);
}

/* What was not found in the kernel's tables, but among open files. */
static void from_files(void **state)
{
	struct event *e = refusal(REASON_SCTP_IN_USE);

	(void)state;
	e->rec.error = EADDRINUSE;
	e->verdict.layer = LAYER_PORT_TABLE;
	e->rec.sock.protocol = IPPROTO_SCTP;
	e->holders_from_files = true;
	replayed_same(e);
	free(e);
	e = fixture_listener();
	e->holders_from_files = true;
	e->rec.sock.protocol = e->rec.holders[0].sock.protocol = IPPROTO_SCTP;
	e->holders[0].more_addresses = 2;
	replayed_same(e);
	e->holders[0].role = ROLE_ASSOCIATION;
	e->rec.holders[0].sock.peer_port = 9;
	replayed_same(e);
	free(e);
}

/* connect() from a bound port: what is in the way is a connection, and the port's rule has no say. */
static void connections(void **state)
{
	struct event *e = fixture_time_wait();

	(void)state;
	e->rec.operation = BT_OP_CONNECT;
	e->rec.error = EADDRNOTAVAIL;
	e->rec.rule |= BT_RULE_TUPLE;
	e->rec.sock.peer_port = 443;
	e->verdict.reason = REASON_TUPLE_TIME_WAIT;
	replayed_same(e);
	free(e);
}

/* Text and JSON of a line, and both again of what the JSON says. */
static void same_folded(const struct folded *of, const struct repeat *repeat)
{
	const struct json_moment m = { 7, FIXTURE_BOOTTIME_NS, FIXTURE_REALTIME_NS };
	int live = fixture_open(), later = fixture_open(), line = fixture_open();
	struct repeat repeat_again;
	struct folded again;
	const char *wrong;
	struct value_tree tree = { 0 };
	char *texts[2], *json;
	const struct value *o;

	assert_int_equal(text_folded(live, &replayed_styles[0], of, repeat, FIXTURE_REALTIME_NS),
			 0);
	assert_int_equal(json_folded(line, &m, &replayed_host, of, repeat), 0);
	json = fixture_read(line);
	o = value_parse(&tree, json, strlen(json));
	assert_int_equal(replay_folded(&again, &repeat_again, o, &wrong), 0);
	assert_memory_equal(&repeat_again, repeat, sizeof(*repeat));
	assert_int_equal(text_folded(later, &replayed_styles[0], &again, &repeat_again,
				     FIXTURE_REALTIME_NS),
			 0);
	texts[0] = fixture_read(live);
	texts[1] = fixture_read(later);
	assert_string_equal(texts[1], texts[0]);
	free(texts[0]);
	free(texts[1]);
	free(json);
	value_free(&tree);
	close(live);
	close(later);
	close(line);
}

static void folded(void **state)
{
	struct folded of = fixture_folded(4242);
	const struct repeat repeat = { 12, FIXTURE_BOOTTIME_NS - 41234567891, 3, 7, 1234567890 };
	const struct repeat rest = { .adds = 9 };

	(void)state;
	of.key.netns = 4026531840;
	strcpy(of.comm, "pyth\033n3");
	same_folded(&of, &repeat);
	of.key.family = AF_INET6;
	of.key.ifindex = 3;
	of.key.operation = BT_OP_CONNECT;
	of.key.error = 530;
	same_folded(&of, &repeat);
	of.named = false;
	same_folded(&of, &repeat);
	of.named = true;
	of.key.protocol = IPPROTO_RAW; /* its port is the IP protocol */
	same_folded(&of, &repeat);
	of.key.protocol = IPPROTO_ICMP;
	same_folded(&of, &repeat);
	of.key.protocol = 0;
	of.key.ifindex = 0;
	of.key.family = AF_UNIX;
	of.path_len = (uint16_t)sizeof("/run/app.sock");
	strcpy(of.path, "/run/app.sock");
	same_folded(&of, &repeat);
	memcpy(of.path, "\0name\0\0", of.path_len = 7);
	same_folded(&of, &repeat);
	memset(&of, 0, sizeof(of));
	same_folded(&of, &rest);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(programs),    cmocka_unit_test(addresses),
		cmocka_unit_test(ranges),      cmocka_unit_test(from_files),
		cmocka_unit_test(connections), cmocka_unit_test(folded),
	};

	setenv("TZ", "UTC", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
