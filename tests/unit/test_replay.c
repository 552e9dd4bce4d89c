/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What was recorded prints as it did live: event -> JSON line -> event gives the same text and the same line. */
#include <errno.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "replayed.h"

static void time_waits(void **state)
{
	struct event *e = fixture_time_wait();

	(void)state;
	replayed_same(e);
	for (uint16_t port = 51235; port < 51250; port++)
		fixture_add_time_wait(e, port);
	replayed_same(e);
	/* the kernel stopped on another one than the text is about, and neither is the first */
	e->verdict.culprit = 5;
	e->verdict.decisive = 3;
	e->holders[7].pair.blocks = 0;
	e->rec.holders[2].sock.substate = BT_TCP_TIME_WAIT - 1;
	replayed_same(e);
	e->rec.walk |= BT_WALK_TRUNCATED | BT_WALK_STALE;
	e->verdict.frees_at_least = true;
	e->repeat = (struct repeat){ 12, FIXTURE_BOOTTIME_NS - 41234567891, 3, 7, 1234567890 };
	replayed_same(e);
	e->verdict.has_frees_in = false;
	e->verdict.frees_in_ns = 0;
	e->verdict.frees_at_least = false;
	replayed_same(e);
	free(e);
}

static void listeners(void **state)
{
	struct event *e = fixture_listener();
	struct holder *h = &e->holders[0];

	(void)state;
	replayed_same(e);
	e->rec.holders[0].sock.ifindex = 3;
	e->rec.sock.ifindex = 2;
	h->pair.other_device = 1;
	e->rec.holders[0].sock.inode = 77;
	replayed_same(e);
	h->opener.time_ns = 0;
	replayed_same(e);
	h->more_processes = 9;
	h->opener.alive = 0;
	h->first_process = 1;
	h->n_processes = 5;
	replayed_same(e);
	e->rec.uring = e->rec.sock.kernel = 1;
	e->netns_foreign = true;
	strcpy(e->netns_name, "blue\033");
	replayed_same(e);
	memset(&h->opener, 0, sizeof(h->opener));
	h->opener.alive = h->opener.fd = h->opener.inherited = -1;
	h->n_processes = h->more_processes = 0;
	replayed_same(e);
	e->sharers_known = false;
	replayed_same(e);
	e->rec.holders[0].sock.kernel = 1;
	replayed_same(e);
	e->rec.n_holders = 0;
	e->verdict.decisive = e->verdict.culprit = -1;
	e->rec.walk = 0;
	e->rec.totals = (struct bt_totals){ 0 };
	replayed_same(e);
	free(e);
}

static void people_know_them_as(void **state)
{
	struct event *e = fixture_listener();
	struct process *p = &e->holders[0].opener;

	(void)state;
	fixture_container(p);
	replayed_same(e);
	fixture_container_name(e, p);
	strcpy(p->container.pod_uid, "0f1e");
	replayed_same(e);
	strcpy(e->containers[0].pod_name, "web-0");
	strcpy(e->containers[0].pod_namespace, "prod");
	replayed_same(e);
	p->forwards = true;
	p->to_family = AF_INET6;
	p->to_port = 80;
	p->to_addr[15] = 1;
	replayed_same(e);
	p->forwards = false;
	p->to_family = p->to_port = p->to_addr[15] = 0;
	p->stopped = 1;
	p->shell = (struct ancestor){ 700, "bash" };
	strcpy(p->tty, "pts/3");
	p->same_program = p->orphaned = true;
	p->relation = RELATION_PARENT;
	p->n_parents = e->asker.n_parents = 2;
	p->parents[0] = e->asker.parents[0] = (struct ancestor){ 700, "ba\033sh" };
	p->parents[1] = e->asker.parents[1] = (struct ancestor){ 1, "systemd" };
	e->processes[0] = *p;
	strcpy(e->asker.unit, "");
	strcpy(e->asker.cgroup, "/user.slice/user-1000.slice/session-2.scope/with/a/long/way/down");
	strcpy(e->asker.exe, "/usr/bin/python3.11");
	replayed_same(e);
	free(e);
}

static void command_lines(void **state)
{
	struct event *e = fixture_time_wait();
	struct process *p = &e->asker;

	(void)state;
	fixture_process(p, 7, "sh", "sh\0-c\0echo 'a b'; \033[2J\0",
			sizeof("sh\0-c\0echo 'a b'; \033[2J\0"));
	replayed_same(e);
	fixture_process(p, 7, "prog", "prog\0\0", sizeof("prog\0\0"));
	replayed_same(e);
	memset(p->cmdline, 'a', sizeof(p->cmdline));
	p->cmdline_len = sizeof(p->cmdline);
	replayed_same(e);
	p->cmdline_len = 0;
	memset(p->cmdline, 0, sizeof(p->cmdline));
	p->comm[0] = '\0';
	replayed_same(e);
	free(e);
}

static void other_calls(void **state)
{
	struct event *e = fixture_time_wait();
	struct bt_record *r = &e->rec;

	(void)state;
	e->rec.n_holders = 0;
	e->verdict = (struct verdict){ .culprit = -1, .decisive = -1, .layer = N_LAYERS };
	r->walk = 0;
	r->totals = (struct bt_totals){ 0 };
	r->operation = BT_OP_CONNECT;
	r->error = EADDRNOTAVAIL;
	r->sock.peer_port = 443;
	memcpy(r->sock.peer, "\xc0\0\2\1", 4);
	replayed_same(e);
	r->operation = BT_OP_BIND;
	r->sock.peer_port = 0;
	memset(r->sock.peer, 0, 16);
	r->error = EAFNOSUPPORT;
	r->sa_family = AF_NETLINK;
	r->addr_len = 12;
	replayed_same(e);
	r->error = EINVAL;
	r->sa_family = AF_INET;
	r->addr_len = 3;
	replayed_same(e);
	r->error = 530; /* no error of ours */
	replayed_same(e);
	r->sock.protocol = 0; /* no socket */
	r->error = ENOTSOCK;
	r->sock.family = 0;
	replayed_same(e);
	r->sock.family = AF_UNIX;
	r->error = EINVAL;
	replayed_same(e);
	r->sock.sk = 1;
	r->path_len = sizeof("/run/app.sock");
	strcpy(r->path, "/run/app.sock");
	r->error = EADDRINUSE;
	e->verdict.layer = LAYER_PORT_TABLE;
	replayed_same(e);
	memcpy(r->path, "\0name\0\xc3\xa4\0", r->path_len = 9);
	replayed_same(e);
	free(e);
}

static void bound(void **state)
{
	struct event *e = fixture_time_wait();

	(void)state;
	e->rec.hdr.kind = BT_KIND_BOUND;
	e->rec.error = 0;
	replayed_same(e);
	e->rec.operation = BT_OP_LISTEN;
	e->rec.sock.family = AF_INET6;
	e->rec.sock.ifindex = 4;
	replayed_same(e);
	free(e);
}

/* Each key taken away, and each given a value of every type: an event or an error, with the key in it. */
static void broken_keys(void **state)
{
	static const char *const values[] = { "-1",   "1e300",	    "18446744073709551615",
					      "true", "\"x\"",	    "[]",
					      "{}",   "[null,3,[]]" };
	struct event *e = fixture_listener(), *copy = malloc(sizeof(*copy));
	char *line = replayed_line(e);
	struct json_object *o = json_tokener_parse(line);
	struct value_tree tree = { 0 };
	unsigned errors = 0;

	(void)state;
	assert_non_null(copy);
	json_object_object_foreach(o, key, value)
	{
		struct json_object *kept = json_object_get(value);

		for (size_t i = 0; i < sizeof(values) / sizeof(*values) + 1; i++) {
			const char *wrong = NULL, *text;
			int err;

			json_object_object_add(o, key,
					       i ? json_tokener_parse(values[i - 1]) : NULL);
			text = json_object_to_json_string(o);
			err = replay_event(copy, value_parse(&tree, text, strlen(text)), &wrong);
			assert_true(i || !err); /* what is missing is not known */
			assert_int_equal(err ? -EBADMSG : 0, err);
			if (err)
				assert_non_null(wrong);
			errors += err != 0;
			if (!err)
				for (size_t s = 0; s < REPLAYED_STYLES; s++)
					free(replayed_text(copy, &replayed_styles[s]));
		}
		json_object_object_add(o, key, kept);
	}
	assert_true(errors > 50);
	value_free(&tree);
	json_object_put(o);
	free(line);
	free(copy);
	free(e);
}

static void too_much(void **state)
{
	struct event *e = fixture_listener(), *copy;
	char *line = replayed_line(e);
	struct json_object *o = json_tokener_parse(line), *holders, *list;

	(void)state;
	json_object_object_get_ex(o, "holders", &holders);
	json_object_object_get_ex(json_object_array_get_idx(holders, 0), "processes", &list);
	for (int i = 0; i < 200; i++)
		json_object_array_add(list, json_object_get(json_object_array_get_idx(list, 0)));
	for (int i = 0; i < 40; i++)
		json_object_array_add(holders,
				      json_object_get(json_object_array_get_idx(holders, 0)));
	json_object_object_add(o, "later", json_object_new_string("than this reader"));
	copy = replayed_event(json_object_to_json_string(o));
	assert_int_equal(copy->rec.n_holders, BT_MAX_HOLDERS);
	assert_int_equal(copy->n_processes, EVENT_MAX_PROCESSES);
	assert_int_equal(copy->holders[0].n_processes + copy->holders[0].more_processes, 206);
	free(replayed_text(copy, &replayed_styles[3]));
	free(copy);
	json_object_put(o);
	free(line);
	free(e);
}

static void times(void **state)
{
	static const char *const bad[] = { "",
					   "2026",
					   "2026-11-23",
					   "2026-13-23T09:41:07Z",
					   "2026-11-23T09:41:07",
					   "2026-11-23T09:41:07Z ",
					   "1969-12-31T23:59:59Z",
					   "9999-01-01T00:00:00Z",
					   "2026-11-23T09:41:07+1:00",
					   "1970-01-01T00:00:00+01:00" };
	uint64_t ns;

	(void)state;
	assert_int_equal(clock_parse_rfc3339("2026-11-23T09:41:07.123456789Z", &ns), 0);
	assert_true(ns == FIXTURE_REALTIME_NS);
	assert_int_equal(clock_parse_rfc3339("2026-11-23 10:41:07.1234567891234+01:00", &ns), 0);
	assert_true(ns == FIXTURE_REALTIME_NS);
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_int_equal(clock_parse_rfc3339(bad[i], &ns), -EINVAL);
}

static void clocks(void **state)
{
	const char *const bad[] = { "{\"set_by_s\":\"1\"}", "{\"slept_s\":true}",
				    "{\"slept_s\":1e99}" };
	struct clock_change change;
	const char *wrong;

	(void)state;
	for (size_t i = 0; i <= sizeof(bad) / sizeof(*bad); i++) {
		const char *line = i ? bad[i - 1] : "{\"set_by_s\":-3600.5,\"slept_s\":42}";
		struct value_tree tree = { 0 };
		const struct value *o = value_parse(&tree, line, strlen(line));

		assert_int_equal(replay_clock(&change, o, &wrong), i ? -EBADMSG : 0);
		assert_true(i ||
			    (change.set_ns == -3600500000000 && change.slept_ns == 42000000000));
		value_free(&tree);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(time_waits),
		cmocka_unit_test(listeners),
		cmocka_unit_test(people_know_them_as),
		cmocka_unit_test(command_lines),
		cmocka_unit_test(other_calls),
		cmocka_unit_test(bound),
		cmocka_unit_test(broken_keys),
		cmocka_unit_test(too_much),
		cmocka_unit_test(times),
		cmocka_unit_test(clocks),
	};

	setenv("TZ", "UTC", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
