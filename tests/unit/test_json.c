/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#include <errno.h>
#include <json-c/json.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fixture.h"
#include "sink/json.h"

static const struct coverage full = { .hook = BT_HOOK_FEXIT, .read = READ_SNAPSHOT };
static const struct host_facts host = { .host = "web1", .kernel = "6.12.0", .machine = "x86_64" };
static const struct json_moment moment = { 3, FIXTURE_BOOTTIME_NS, FIXTURE_REALTIME_NS };

/* The one line that was written, as text; exactly one newline, at its end. */
static char *line_of(int fd)
{
	char *line = fixture_read(fd);

	assert_ptr_equal(strchr(line, '\n'), line + strlen(line) - 1);
	close(fd);
	return line;
}

static struct json_object *parsed(int fd)
{
	char *line = line_of(fd);
	struct json_tokener *tok = json_tokener_new();
	struct json_object *o;

	json_tokener_set_flags(tok, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
	o = json_tokener_parse_ex(tok, line, (int)strlen(line));
	assert_non_null(o);
	json_tokener_free(tok);
	free(line);
	return o;
}

static struct json_object *event_line(const struct event *e)
{
	int fd = fixture_open();

	assert_int_equal(json_event(fd, e, &host, &full), 0);
	return parsed(fd);
}

/* The value at "a.b.0.c"; fails the test where there is none. */
static struct json_object *at(struct json_object *o, const char *path)
{
	char copy[128], *key, *rest = NULL;

	strcpy(copy, path);
	for (key = strtok_r(copy, ".", &rest); key; key = strtok_r(NULL, ".", &rest)) {
		if (json_object_is_type(o, json_type_array))
			o = json_object_array_get_idx(o, strtoul(key, NULL, 10));
		else if (!json_object_object_get_ex(o, key, &o))
			fail_msg("no %s in %s", key, path);
	}
	return o;
}

static const char *text_at(struct json_object *o, const char *path)
{
	return json_object_get_string(at(o, path));
}

static bool has(struct json_object *o, const char *key)
{
	return json_object_object_get_ex(o, key, NULL);
}

static void time_wait_line(void **state)
{
	struct event *e = fixture_time_wait();
	struct json_object *o = event_line(e);

	(void)state;
	assert_string_equal(text_at(o, "schema"), "bindtrace/1");
	assert_string_equal(text_at(o, "kind"), "failure");
	assert_int_equal(json_object_get_uint64(at(o, "seq")), 7);
	assert_string_equal(text_at(o, "time"), "2026-11-23T09:41:07.123456789Z");
	assert_true(json_object_get_uint64(at(o, "boottime_ns")) == FIXTURE_BOOTTIME_NS);
	assert_string_equal(text_at(o, "host"), "web1");
	assert_string_equal(text_at(o, "operation"), "bind");
	assert_string_equal(text_at(o, "errno"), "EADDRINUSE");
	assert_int_equal(json_object_get_int(at(o, "errno_number")), EADDRINUSE);
	assert_string_equal(text_at(o, "address"), "127.0.0.1");
	assert_int_equal(json_object_get_int(at(o, "port")), 8000);
	assert_string_equal(text_at(o, "process.cmdline"), "[ \"python3\", \"app.py\" ]");
	assert_string_equal(text_at(o, "process.unit"), "user@1000.service");
	assert_string_equal(text_at(o, "layer"), "port_table");
	assert_string_equal(text_at(o, "reason"), "time_wait");
	assert_string_equal(text_at(o, "advice.1.effective"), "next_restart");
	assert_false(has(at(o, "advice.1"), "command"));
	assert_string_equal(text_at(o, "frees_in_s"), "60.38");
	assert_string_equal(text_at(o, "frees_at"), "2026-11-23T09:42:07.503456789Z");
	assert_false(has(o, "frees_at_least"));
	assert_string_equal(text_at(o, "coverage"),
			    "{ \"hook\": \"fexit\", \"holders\": \"snapshot\", \"missing\": [ ] }");
	json_object_put(o);
	free(e);
}

static void time_wait_holder(void **state)
{
	struct event *e = fixture_time_wait();
	struct json_object *o = event_line(e), *h = at(o, "holders.0");

	(void)state;
	assert_true(json_object_get_boolean(at(h, "culprit")));
	assert_true(json_object_get_boolean(at(h, "blocks")));
	assert_string_equal(text_at(h, "role"), "time_wait");
	assert_string_equal(text_at(h, "peer_address"), "127.0.0.1");
	assert_int_equal(json_object_get_int(at(h, "peer_port")), 51234);
	assert_string_equal(text_at(h, "overlap"), "same_address");
	assert_string_equal(text_at(h, "reuseaddr_refused"), "both_lack");
	assert_int_equal(json_object_array_length(at(h, "processes")), 0);
	assert_string_equal(text_at(h, "time_wait.substate"), "time_wait");
	assert_string_equal(text_at(h, "time_wait.timer_left_s"), "59.2");
	assert_int_equal(json_object_get_int(at(h, "time_wait.closed_by.pid")), 4188);
	assert_false(json_object_get_boolean(at(h, "time_wait.closed_by.alive")));
	assert_string_equal(text_at(h, "time_wait.closed_by.time"),
			    "2026-11-23T09:41:06.323456789Z");
	/* a mini-socket has none of these, and nobody saw who bound it */
	assert_false(has(h, "uid") || has(h, "inode") || has(h, "bound_by"));
	assert_int_equal(json_object_get_int(at(o, "holder_totals.time_wait")), 1);
	assert_int_equal(json_object_get_int(at(o, "holder_totals.listen")), 0);
	assert_false(json_object_get_boolean(at(o, "holder_totals.truncated")));
	json_object_put(o);
	free(e);
}

static void sharers_and_order(void **state)
{
	struct event *e = fixture_listener();
	struct json_object *o;

	(void)state;
	fixture_add_time_wait(e, 1);
	e->verdict.culprit = 1;
	o = event_line(e);
	assert_string_equal(text_at(o, "holders.0.state"), "time_wait");
	assert_string_equal(text_at(o, "holders.1.state"), "listen");
	assert_int_equal(json_object_array_length(at(o, "holders.1.processes")), 6);
	assert_int_equal(json_object_get_int(at(o, "holders.1.processes.1.fd")), 6);
	assert_true(json_object_get_boolean(at(o, "holders.1.processes.1.inherited")));
	assert_int_equal(json_object_get_int(at(o, "holders.1.bound_by.pid")), 812);
	assert_string_equal(text_at(o, "advice.0.command"), "systemctl stop nginx.service");
	/* it ends when somebody acts: known to be not known */
	assert_true(has(o, "frees_in_s"));
	assert_null(at(o, "frees_in_s"));
	json_object_put(o);

	/* whom nobody looked for all over is named, but nobody is not */
	e->sharers_known = false;
	o = event_line(e);
	assert_true(has(at(o, "holders.1"), "processes"));
	json_object_put(o);
	for (unsigned i = 0; i < e->rec.n_holders; i++)
		e->holders[i].n_processes = 0;
	o = event_line(e);
	assert_false(has(at(o, "holders.1"), "processes"));
	json_object_put(o);
	free(e);
}

static void an_empty_last_argument(void **state)
{
	struct event *e = fixture_time_wait();
	struct json_object *o;

	(void)state;
	fixture_process(&e->asker, 4242, "prog", "prog\0", sizeof("prog\0"));
	o = event_line(e);
	assert_int_equal(json_object_array_length(at(o, "process.cmdline")), 2);
	assert_string_equal(text_at(o, "process.cmdline.0"), "prog");
	assert_string_equal(text_at(o, "process.cmdline.1"), "");
	json_object_put(o);
	free(e);
}

static void by_whom_it_was_asked(void **state)
{
	struct event *e = fixture_listener();
	struct json_object *o = event_line(e);

	(void)state;
	assert_false(has(o, "via") || has(at(o, "socket"), "kernel"));
	assert_false(has(at(o, "holders.0"), "kernel"));
	json_object_put(o);
	e->rec.uring = 1;
	e->rec.sock.kernel = 1;
	e->rec.holders[0].sock.kernel = 1;
	o = event_line(e);
	assert_string_equal(text_at(o, "via"), "io_uring");
	assert_true(json_object_get_boolean(at(o, "socket.kernel")));
	assert_true(json_object_get_boolean(at(o, "holders.0.kernel")));
	json_object_put(o);
	free(e);
}

static void absent_rather_than_guessed(void **state)
{
	struct event *e = fixture_time_wait();
	struct json_object *o;

	(void)state;
	e->rec.walk = 0;
	e->rec.addr_len = 2;
	e->rec.hdr.boottime_ns = 0;
	e->asker.cmdline_len = 0;
	e->asker.user[0] = e->asker.unit[0] = '\0';
	o = event_line(e);
	assert_false(has(o, "holders") || has(o, "holder_totals"));
	assert_false(has(o, "address") || has(o, "port"));
	assert_false(has(o, "time") || has(at(o, "process"), "start_time"));
	assert_false(has(at(o, "process"), "cmdline") || has(at(o, "process"), "user"));
	assert_false(has(at(o, "process"), "unit") || has(at(o, "process"), "exe"));
	assert_false(has(at(o, "process"), "alive"));
	assert_false(has(o, "repeat"));
	json_object_put(o);
	free(e);
}

static void known_as(void **state)
{
	struct event *e = fixture_listener();
	struct process *p = &e->processes[0];
	struct json_object *o, *q;

	(void)state;
	strcpy(e->netns_name, "blue");
	strcpy(p->container.id, "0123456789abcdef");
	strcpy(p->container.pod_uid, "0f1e");
	p->container.runtime = RUNTIME_CRIO;
	e->n_containers = 1;
	e->containers[0] = (struct container_names){ "0123456789abcdef", "c\xff", "prod", "web-0" };
	p->pid_in_namespace = 7;
	p->stopped = 1;
	p->shell = (struct ancestor){ 700, "bash" };
	strcpy(p->tty, "pts/3");
	p->n_parents = 1;
	p->parents[0] = p->shell;
	p->same_program = p->orphaned = true;
	p->relation = RELATION_SIBLING;
	o = event_line(e);
	q = at(o, "holders.0.processes.0");
	assert_string_equal(text_at(o, "process.netns_name"), "blue");
	assert_string_equal(text_at(q, "container.id"), "0123456789abcdef");
	assert_string_equal(text_at(q, "container.name"), "c\xef\xbf\xbd");
	assert_string_equal(text_at(q, "container.runtime"), "cri-o");
	assert_string_equal(text_at(q, "pod"),
			    "{ \"uid\": \"0f1e\", \"namespace\": \"prod\", \"name\": \"web-0\" }");
	assert_int_equal(json_object_get_int(at(q, "pid_in_namespace")), 7);
	assert_true(json_object_get_boolean(at(q, "stopped")));
	assert_int_equal(json_object_get_int(at(q, "shell.pid")), 700);
	assert_string_equal(text_at(q, "tty"), "pts/3");
	assert_string_equal(text_at(q, "parents.0.comm"), "bash");
	assert_true(json_object_get_boolean(at(q, "same_program")));
	assert_true(json_object_get_boolean(at(q, "orphaned")));
	assert_string_equal(text_at(q, "relation"), "sibling");
	q = at(o, "holders.0.processes.1");
	assert_false(has(q, "container") || has(q, "pod") || has(q, "parents") || has(q, "shell"));
	assert_false(has(q, "same_program") || has(q, "orphaned") || has(q, "relation"));
	json_object_put(o);
	/* the container behind a proxy is not the proxy's own */
	p->forwards = true;
	p->to_family = AF_INET;
	p->to_port = 80;
	o = event_line(e);
	q = at(o, "holders.0.processes.0");
	assert_false(has(q, "container"));
	assert_string_equal(text_at(q, "forwards_to.address"), "0.0.0.0");
	assert_string_equal(text_at(q, "forwards_to.container.runtime"), "cri-o");
	json_object_put(o);
	free(e);
}

static void numbers_keep_64_bits(void **state)
{
	struct event *e = fixture_time_wait();
	int fd = fixture_open();
	char *line;

	(void)state;
	e->rec.holders[0].sock.cookie = UINT64_MAX;
	e->repeat = (struct repeat){ UINT64_MAX, FIXTURE_BOOTTIME_NS, 1, 1, 0 };
	e->rec.holders[0].sock.timer_left_ns = -1;
	e->verdict.frees_in_ns = 1;
	e->verdict.frees_at_least = true;
	assert_int_equal(json_event(fd, e, &host, &full), 0);
	line = line_of(fd);
	assert_non_null(strstr(line, "\"cookie\":18446744073709551615,"));
	assert_non_null(strstr(line, "\"count\":18446744073709551615,"));
	assert_non_null(strstr(line, "\"timer_left_s\":-0.000000001,"));
	assert_non_null(strstr(line, "\"frees_in_s\":0.000000001,"));
	assert_non_null(strstr(line, "\"frees_at_least\":true"));
	free(line);
	free(e);
}

static void hostile_bytes(void **state)
{
	struct event *e = fixture_time_wait();
	struct json_object *o;
	int fd = fixture_open();
	char *line;

	(void)state;
	strcpy(e->asker.comm, "a\n\033[2J\"\\\xff\xe2\x82");
	strcpy(e->asker.cgroup, "/\xc2\x9b\x7f");
	assert_int_equal(json_event(fd, e, &host, &full), 0);
	line = line_of(fd);
	for (const char *c = line; c[1]; c++)
		assert_true((unsigned char)*c >= 0x20 && *c != 0x7f);
	assert_null(strstr(line, "\xc2\x9b"));
	assert_non_null(strstr(line, "/\\u009b\\u007f"));
	free(line);

	o = event_line(e);
	assert_string_equal(text_at(o, "process.comm"), "a\n\033[2J\"\\\xef\xbf\xbd\xef\xbf\xbd");
	assert_string_equal(text_at(o, "process.cgroup"), "/\xc2\x9b\x7f");
	assert_true(json_object_get_boolean(at(o, "repaired")));
	json_object_put(o);
	free(e);

	e = fixture_time_wait();
	o = event_line(e);
	assert_false(has(o, "repaired"));
	json_object_put(o);
	free(e);
}

static void success_line(void **state)
{
	struct event *e = fixture_time_wait();
	struct json_object *o;

	(void)state;
	e->rec.hdr.kind = BT_KIND_BOUND;
	e->rec.error = 0;
	o = event_line(e);
	assert_string_equal(text_at(o, "kind"), "bound");
	assert_int_equal(json_object_get_int(at(o, "port")), 8000);
	assert_int_equal(json_object_array_length(at(o, "holders")), 1);
	assert_false(has(o, "errno") || has(o, "errno_number") || has(o, "reason") ||
		     has(o, "layer"));
	assert_false(has(o, "summary") || has(o, "advice") || has(o, "frees_in_s"));
	json_object_put(o);
	free(e);
}

static void ipv6_address(void **state)
{
	struct event *e = fixture_time_wait();
	struct json_object *o;

	(void)state;
	e->rec.sock.family = e->rec.sa_family = AF_INET6;
	e->rec.addr_len = 28;
	memset(e->rec.sock.addr, 0, 16);
	e->rec.sock.addr[15] = 1;
	o = event_line(e);
	assert_string_equal(text_at(o, "family"), "ipv6");
	assert_string_equal(text_at(o, "address"), "::1");
	assert_false(json_object_get_boolean(at(o, "socket.v6only")));
	json_object_put(o);
	free(e);
}

/* A raw socket has its IP protocol instead of a port; where holders come from is told with each event. */
static void raw_and_files(void **state)
{
	struct event *e = fixture_listener();
	struct json_object *o = event_line(e);

	(void)state;
	assert_false(has(o, "ip_protocol"));
	assert_string_equal(text_at(o, "coverage.holders"), "snapshot");
	json_object_put(o);
	e->rec.sock.protocol = IPPROTO_SCTP;
	e->holders[0].more_addresses = 2;
	e->holders_from_files = true;
	o = event_line(e);
	assert_string_equal(text_at(o, "protocol"), "sctp");
	assert_string_equal(text_at(o, "coverage.holders"), "files");
	assert_int_equal(json_object_get_int(at(json_object_array_get_idx(at(o, "holders"), 0),
						"more_addresses")),
			 2);
	json_object_put(o);
	e->rec.sock.protocol = IPPROTO_RAW;
	e->rec.bound_port = 47;
	o = event_line(e);
	assert_string_equal(text_at(o, "protocol"), "raw");
	assert_int_equal(json_object_get_int(at(o, "ip_protocol")), 47);
	assert_false(has(o, "port"));
	json_object_put(o);
	free(e);
}

static void header_line(void **state)
{
	char *argv[] = { (char *)"bindtrace", (char *)"-P", (char *)"80" };
	struct coverage c = { BT_HOOK_TRACEPOINT, READ_NONE, MISSING_IO_URING | MISSING_COOKIES };
	struct host_facts facts = host;
	struct json_object *o;
	int fd = fixture_open();

	(void)state;
	facts.sysctls[HOST_LOCAL_PORT_RANGE].known = true;
	strcpy(facts.sysctls[HOST_LOCAL_PORT_RANGE].value, "32768\t60999");
	facts.sysctls[HOST_LOCAL_RESERVED_PORTS].known = true;
	facts.sysctls[HOST_TCP_FIN_TIMEOUT].known = true;
	strcpy(facts.sysctls[HOST_TCP_FIN_TIMEOUT].value, "60");
	assert_int_equal(json_header(fd, &moment, &facts, &c, "0.1", 3, argv), 0);
	o = parsed(fd);
	assert_string_equal(text_at(o, "kind"), "header");
	assert_string_equal(text_at(o, "version"), "0.1");
	assert_string_equal(text_at(o, "kernel"), "6.12.0");
	assert_string_equal(text_at(o, "command_line"), "[ \"bindtrace\", \"-P\", \"80\" ]");
	assert_string_equal(text_at(o, "coverage.hook"), "tracepoint");
	assert_string_equal(text_at(o, "coverage.holders"), "none");
	assert_string_equal(text_at(o, "coverage.missing"), "[ \"io_uring\", \"cookies\" ]");
	assert_string_equal(text_at(o, "sysctls.ip_local_port_range"), "[ 32768, 60999 ]");
	assert_string_equal(text_at(o, "sysctls.ip_local_reserved_ports"), "");
	assert_int_equal(json_object_get_int(at(o, "sysctls.tcp_fin_timeout")), 60);
	assert_null(at(o, "sysctls.bindv6only"));
	assert_false(has(o, "boot_id"));
	json_object_put(o);
}

static void host_facts_of_this_machine(void **state)
{
	struct host_facts facts;

	(void)state;
	host_facts_read(&facts);
	assert_int_equal(strlen(facts.boot_id), 36);
	assert_true(facts.kernel[0] && facts.machine[0]);
	assert_true(facts.sysctls[HOST_LOCAL_PORT_RANGE].known);
	assert_non_null(strchr(facts.sysctls[HOST_LOCAL_PORT_RANGE].value, '\t'));
	assert_string_equal(host_sysctl_name(HOST_BINDV6ONLY), "bindv6only");
}

static void lost_and_footer_lines(void **state)
{
	struct totals t = { .printed = 3, .folded = 9, .lost = 2 };
	struct json_object *o;
	int fd = fixture_open();

	(void)state;
	assert_int_equal(json_lost(fd, &moment, &host, "ring_buffer", 5), 0);
	o = parsed(fd);
	assert_string_equal(text_at(o, "kind"), "lost");
	assert_string_equal(text_at(o, "stage"), "ring_buffer");
	assert_int_equal(json_object_get_int(at(o, "count")), 5);
	assert_int_equal(json_object_get_int(at(o, "seq")), 3);
	json_object_put(o);

	t.by_reason[REASON_TIME_WAIT] = 12;
	fd = fixture_open();
	assert_int_equal(json_footer(fd, &moment, &host, &t), 0);
	o = parsed(fd);
	assert_string_equal(text_at(o, "kind"), "footer");
	assert_int_equal(json_object_get_int(at(o, "refused")), 14);
	assert_string_equal(text_at(o, "by_reason"), "{ \"time_wait\": 12 }");
	assert_false(json_object_object_get_ex(o, "filters_missed", NULL));
	assert_false(json_object_object_get_ex(o, "ends_missed", NULL));
	json_object_put(o);

	t.filters_missed = 7;
	t.ends_missed = 5;
	fd = fixture_open();
	assert_int_equal(json_footer(fd, &moment, &host, &t), 0);
	o = parsed(fd);
	assert_int_equal(json_object_get_int(at(o, "filters_missed")), 7);
	assert_int_equal(json_object_get_int(at(o, "ends_missed")), 5);
	json_object_put(o);
}

static void clock_lines(void **state)
{
	struct clock_change change = { .set_ns = -3600000000000 };
	struct json_object *o;
	int fd = fixture_open();

	(void)state;
	assert_int_equal(json_clock(fd, &moment, &host, &change), 0);
	o = parsed(fd);
	assert_string_equal(text_at(o, "kind"), "clock");
	assert_string_equal(text_at(o, "set_by_s"), "-3600.0");
	assert_false(json_object_object_get_ex(o, "slept_s", NULL));
	json_object_put(o);
	change = (struct clock_change){ .slept_ns = 42000000001 };
	fd = fixture_open();
	assert_int_equal(json_clock(fd, &moment, &host, &change), 0);
	o = parsed(fd);
	assert_false(json_object_object_get_ex(o, "set_by_s", NULL));
	assert_string_equal(text_at(o, "slept_s"), "42.000000001");
	json_object_put(o);
}

static void reader_gone(void **state)
{
	struct event *e = fixture_time_wait();
	struct totals t = { 0 };
	int fds[2];

	(void)state;
	signal(SIGPIPE, SIG_IGN);
	assert_int_equal(pipe(fds), 0);
	close(fds[0]);
	assert_int_equal(json_event(fds[1], e, &host, &full), -EPIPE);
	assert_int_equal(json_footer(fds[1], &moment, &host, &t), -EPIPE);
	close(fds[1]);
	free(e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(time_wait_line),
		cmocka_unit_test(time_wait_holder),
		cmocka_unit_test(sharers_and_order),
		cmocka_unit_test(an_empty_last_argument),
		cmocka_unit_test(by_whom_it_was_asked),
		cmocka_unit_test(absent_rather_than_guessed),
		cmocka_unit_test(known_as),
		cmocka_unit_test(numbers_keep_64_bits),
		cmocka_unit_test(hostile_bytes),
		cmocka_unit_test(success_line),
		cmocka_unit_test(ipv6_address),
		cmocka_unit_test(raw_and_files),
		cmocka_unit_test(header_line),
		cmocka_unit_test(host_facts_of_this_machine),
		cmocka_unit_test(lost_and_footer_lines),
		cmocka_unit_test(clock_lines),
		cmocka_unit_test(reader_gone),
	};

	return cmocka_run_group_tests_name("json", tests, NULL, NULL);
}
