// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* What a refusal is about when it is no holder, in JSON and as text. */
#include <errno.h>
#include <linux/bpf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fixture.h"
#include "sink/json.h"
#include "sink/text.h"

static const struct coverage full = { .hook = BT_HOOK_FEXIT, .read = READ_SNAPSHOT };
static const struct host_facts host = { .host = "web1" };
static const struct text_options plain;

static struct event *e;

static int set_up(void **state)
{
	(void)state;
	e = fixture_time_wait();
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	free(e);
	return 0;
}

static void expect_line(const char *part, bool there)
{
	int fd = fixture_open();
	char *line;

	assert_int_equal(json_event(fd, e, &host, &full), 0);
	line = fixture_read(fd);
	if (!strstr(line, part) == there)
		fail_msg("%s '%s' in: %s", there ? "no" : "a", part, line);
	free(line);
	close(fd);
}

static void programs(void **state)
{
	struct cgroup_program *p = &e->programs[0];

	(void)state;
	expect_line("bpf_programs", false);
	e->programs_known = true;
	expect_line("\"bpf_programs\":[]", true);
	e->n_programs = 2;
	*p = (struct cgroup_program){ .id = 12,
				      .attach_type = BPF_CGROUP_INET4_BIND,
				      .sets_error = 0,
				      .name = "sd_bind4",
				      .tag = "0123456789abcdef",
				      .cgroup = "/system.slice/foo.service",
				      .unit = "foo.service" };
	p[1] = (struct cgroup_program){ .id = 13,
					.attach_type = BPF_CGROUP_INET6_POST_BIND,
					.sets_error = -1 };
	expect_line(
		"\"bpf_programs\":[{\"id\":12,\"name\":\"sd_bind4\",\"tag\":\"0123456789abcdef\","
		"\"attach_type\":\"cgroup_inet4_bind\",\"cgroup\":\"/system.slice/foo.service\","
		"\"unit\":\"foo.service\",\"sets_errno\":false},"
		"{\"id\":13,\"attach_type\":\"cgroup_inet6_post_bind\"}]",
		true);
}

static void addresses(void **state)
{
	(void)state;
	expect_line("asked_", false);
	e->rec.rewritten = 1;
	e->rec.asked_port = 80;
	expect_line("\"asked_address\":\"0.0.0.0\",\"asked_port\":80", true);
	expect_line("address_", false);
	e->address.state = ADDRESS_ABSENT;
	expect_line("\"address_state\":\"absent\"", true);
	expect_line("address_device", false);
	e->address.state = ADDRESS_TENTATIVE;
	e->address.no_carrier = true;
	strcpy(e->address.device, "eth0");
	expect_line("\"address_state\":\"tentative\",\"address_device\":\"eth0\","
		    "\"address_carrier\":false",
		    true);
}

static void expect_text(const char *part)
{
	int fd = fixture_open();
	char *text;

	assert_int_equal(text_event(fd, &plain, e), 0);
	text = fixture_read(fd);
	if (!strstr(text, part))
		fail_msg("no '%s' in:\n%s", part, text);
	free(text);
	close(fd);
}

static void ranges(void **state)
{
	struct census *c = &e->census;

	(void)state;
	expect_line("port_range", false);
	e->rec.port_low = 32768;
	e->rec.port_high = 60999;
	e->rec.n_holders = 0;
	e->verdict.culprit = e->verdict.decisive = -1;
	expect_line("port_range", false); /* it is about another port */
	e->verdict.reason = REASON_EPHEMERAL_EXHAUSTED;
	expect_line("\"port_range\":{\"first\":32768,\"last\":60999,\"own\":false}", true);
	*c = (struct census){ .known = true,
			      .first = 32768,
			      .last = 60999,
			      .reserved = 5,
			      .taken = 28227,
			      .time_wait = 7,
			      .n_users = 2 };
	fixture_process(&c->users[0].who, 812, "nginx", "nginx: worker", sizeof("nginx: worker"));
	fixture_process(&c->users[1].who, 4242, "python3", "python3\0app.py",
			sizeof("python3\0app.py"));
	strcpy(c->users[0].who.unit, "nginx.service");
	c->users[0].ports = 28000;
	c->users[1].ports = 1;
	expect_line("\"own\":false,\"reserved\":5,\"taken\":28227,\"time_wait\":7,\"users\":[{"
		    "\"pid\":812,",
		    true);
	expect_line("\"ports\":1}]}", true);
	expect_text("  held  28000 ports by nginx[812] \"nginx: worker\"  unit nginx.service\n"
		    "        1 port by python3[4242], the asker itself\n");
	c->more_users = 40;
	e->rec.operation = BT_OP_CONNECT;
	c->to_peer = 3;
	expect_line("\"to_peer\":3", true);
	expect_line("\"more_users\":40}", true);
	expect_text("the asker itself\n        and 40 more processes have some\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(programs, set_up, tear_down),
		cmocka_unit_test_setup_teardown(addresses, set_up, tear_down),
		cmocka_unit_test_setup_teardown(ranges, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
