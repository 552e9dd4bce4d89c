// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Lines as entries of the journal, read as strictly as the protocol is written, and as messages of syslog. */
#include <endian.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "export/journal_entry.h"
#include "export/log_message.h"
#include "export/syslog_message.h"
#include "replayed.h"

#define BEGIN(kind)                                                                                \
	"{\"schema\":\"bindtrace/1\",\"kind\":\"" kind                                             \
	"\",\"seq\":7,\"time\":\"2026-11-23T09:41:07.123456789Z\",\"boottime_ns\":5000000000000,"  \
	"\"host\":\"web1\""
#define TIME_WAIT                                                                                  \
	"bind refused: tcp 127.0.0.1:8000 EADDRINUSE, python3[4242]; neither socket set "          \
	"SO_REUSEADDR; the old connection keeps the port; closed by python3[4188]; frees in 60.4 " \
	"s"

static struct export_stream stream;
static struct event event;

/* A line in the form that exporters are given; export_line_free() is the caller's. */
static struct export_line read_line(const char *text)
{
	const struct line line = { .bytes = text, .n = strlen(text), .number = 1, .ended = true };
	struct export_line l;

	assert_null(export_line_read(&l, &line, &stream, &event));
	return l;
}

enum { MOST_FIELDS = 40 };

struct entry {
	unsigned n;
	struct {
		const char *name, *value;
		size_t name_n, value_n;
	} fields[MOST_FIELDS];
	char *bytes;
};

static void check_name(const char *name, size_t n)
{
	assert_in_range(n, 1, 64);
	assert_int_equal(strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"), n);
	assert_in_range(name[0], 'A', 'Z');
}

/* Every byte has to have its place. */
static struct entry entry_of(const char *text)
{
	struct export_line l = read_line(text);
	struct entry e = { 0 };
	uint64_t length;
	size_t n;
	char *at;

	assert_true(log_message_wanted(&l));
	at = e.bytes = journal_entry(&l, &n);
	export_line_free(&l);
	assert_non_null(e.bytes);
	while (at < e.bytes + n) {
		assert_in_range(e.n, 0, MOST_FIELDS - 1);
		e.fields[e.n].name = at;
		e.fields[e.n].name_n = strcspn(at, "=\n");
		check_name(at, e.fields[e.n].name_n);
		at += e.fields[e.n].name_n;
		if (*at++ == '\n') {
			memcpy(&length, at, sizeof(length));
			at += sizeof(length);
			length = le64toh(length);
		} else {
			length = strcspn(at, "\n");
		}
		assert_in_range(length, 1, (uint64_t)(e.bytes + n - at));
		e.fields[e.n].value = at;
		e.fields[e.n++].value_n = length;
		assert_int_equal(at[length], '\n');
		at += length + 1;
	}
	assert_ptr_equal(at, e.bytes + n);
	return e;
}

/* NULL: it must not be there; else once. */
static void has(const struct entry *e, const char *name, const char *wanted)
{
	unsigned found = 0;

	for (unsigned i = 0; i < e->n; i++) {
		if (e->fields[i].name_n != strlen(name) ||
		    memcmp(e->fields[i].name, name, strlen(name)) != 0)
			continue;
		found++;
		if (!wanted || e->fields[i].value_n != strlen(wanted) ||
		    memcmp(e->fields[i].value, wanted, strlen(wanted)) != 0)
			fail_msg("%s is %.*s", name, (int)e->fields[i].value_n, e->fields[i].value);
	}
	assert_int_equal(found, !!wanted);
}

static void entry_of_failure(void **state)
{
	struct event *refusal = fixture_time_wait();
	char *line = replayed_line(refusal), port[8];
	struct entry e = entry_of(line);

	(void)state;
	has(&e, "MESSAGE", TIME_WAIT);
	has(&e, "MESSAGE_ID", JOURNAL_ID_FAILURE);
	has(&e, "PRIORITY", "4");
	has(&e, "SYSLOG_IDENTIFIER", "bindtrace");
	has(&e, "BINDTRACE_KIND", "failure");
	has(&e, "BINDTRACE_HOST", "web1");
	has(&e, "BINDTRACE_OPERATION", "bind");
	has(&e, "BINDTRACE_REASON", "time_wait");
	has(&e, "BINDTRACE_ERRNO", "EADDRINUSE");
	has(&e, "BINDTRACE_PROTOCOL", "tcp");
	has(&e, "BINDTRACE_ADDRESS", "127.0.0.1");
	snprintf(port, sizeof(port), "%u", refusal->rec.sock.port);
	has(&e, "BINDTRACE_PORT", port);
	has(&e, "BINDTRACE_PID", "4242");
	has(&e, "BINDTRACE_COMM", "python3");
	has(&e, "BINDTRACE_HOLDER_PID", "4188");
	has(&e, "BINDTRACE_HOLDER_COMM", "python3");
	line[strlen(line) - 1] = '\0';
	has(&e, "BINDTRACE_EVENT", line);
	free(e.bytes);
	free(line);
	free(refusal);
}

static void entry_of_listener(void **state)
{
	struct event *refusal = fixture_listener();
	char *line = replayed_line(refusal);
	struct entry e = entry_of(line);

	(void)state;
	has(&e, "PRIORITY", "3");
	has(&e, "BINDTRACE_HOLDER_PID", "812");
	has(&e, "BINDTRACE_HOLDER_COMM", "nginx");
	free(e.bytes);
	free(line);
	free(refusal);
}

/* No byte that a task chose ends a field, or comes into the message. */
static void entry_of_hostile_names(void **state)
{
	struct entry e = entry_of(BEGIN(
		"failure") ",\"operation\":\"bind\",\"errno\":\"ENOENT\",\"protocol\":\"unix\","
			   "\"family\":\"unix\",\"address\":\"/x\\nPRIORITY=0\",\"reason\":"
			   "\"unix_path_error\",\"process\":{\"pid\":7,\"comm\":\"\\nA=\\u001b["
			   "2J\"}}\n");

	(void)state;
	has(&e, "MESSAGE", "bind refused: unix /x\\nPRIORITY=0 ENOENT, \\nA=\\x1b[2J[7]");
	has(&e, "PRIORITY", "3");
	has(&e, "BINDTRACE_ADDRESS", "/x\nPRIORITY=0");
	has(&e, "BINDTRACE_COMM", "\nA=\033[2J");
	has(&e, "BINDTRACE_PORT", NULL);
	has(&e, "A", NULL);
	free(e.bytes);
}

static void entries_of_the_rest(void **state)
{
	static const struct {
		const char *line, *id, *priority, *message;
	} kinds[] = {
		{ BEGIN("header") ",\"version\":\"0.1.0\",\"coverage\":{\"hook\":\"fexit\","
				  "\"holders\":"
				  "\"snapshot\",\"missing\":[]}}\n",
		  JOURNAL_ID_HEADER, "6", "watching for refused binds by fexit, bindtrace 0.1.0" },
		{ BEGIN("folded") ",\"repeat\":{\"adds\":12}}\n", JOURNAL_ID_FOLDED, "4",
		  "12 more refusals" },
		{ BEGIN("resolved") ",\"incident\":3,\"operation\":\"bind\",\"protocol\":\"tcp\","
				    "\"family\":\"ipv4\",\"address\":\"127.0.0.1\",\"port\":8000,"
				    "\"process\":{\"pid\":9,\"comm\":\"app\"},\"after_s\":2.5,"
				    "\"refusals\":4}\n",
		  JOURNAL_ID_RESOLVED, "5",
		  "tcp 127.0.0.1:8000 bound by app[9] after 2.5 s and 4 refusals" },
		{ BEGIN("lost") ",\"stage\":\"ring_buffer\",\"count\":2}\n", JOURNAL_ID_LOST, "4",
		  "2 refusals were lost in ring_buffer" },
		{ BEGIN("clock") ",\"set_by_s\":-3600.0}\n", JOURNAL_ID_CLOCK, "5",
		  "clock set back by 60 min: every time told before, also when a port frees, is so "
		  "much earlier" },
		{ BEGIN("clock") ",\"set_by_s\":0.5,\"slept_s\":43200.0}\n", JOURNAL_ID_CLOCK, "5",
		  "clock set forward by 0.5 s: every time told before, also when a port frees, is "
		  "so much later; asleep for 12 h: ports that were to free by themselves do so "
		  "that much later" },
		/* a newer bindtrace may tell of what is not known here */
		{ BEGIN("clock") ",\"leapt\":true}\n", JOURNAL_ID_CLOCK, "5", "clock changed" },
		{ BEGIN("footer") ",\"refused\":6,\"printed\":3,\"folded\":2,\"lost\":1}\n",
		  JOURNAL_ID_FOOTER, "6",
		  "tracing ended: refused 6 = printed 3 + folded 2 + lost 1" },
	};
	struct entry e;

	(void)state;
	for (unsigned i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		e = entry_of(kinds[i].line);
		has(&e, "MESSAGE_ID", kinds[i].id);
		has(&e, "PRIORITY", kinds[i].priority);
		has(&e, "MESSAGE", kinds[i].message);
		free(e.bytes);
	}
}

/* The message of a line; the caller frees it. */
static char *message_of(const char *text, struct syslog_style style)
{
	struct export_line l = read_line(text);
	size_t n;
	char *message = syslog_message(&l, &style, &n);

	export_line_free(&l);
	assert_non_null(message);
	assert_int_equal(strlen(message), n);
	return message;
}

static void is_message(const char *text, struct syslog_style style, const char *wanted)
{
	char *message = message_of(text, style);

	assert_string_equal(message, wanted);
	free(message);
}

static void messages_of_failure(void **state)
{
	struct event *refusal = fixture_time_wait();
	char *line = replayed_line(refusal);

	(void)state;
	is_message(line, (struct syslog_style){ 0 },
		   "<28>1 2026-11-23T09:41:07.123456Z web1 bindtrace - failure - " TIME_WAIT);
	setenv("TZ", "XXX-2", 1);
	tzset();
	is_message(line, (struct syslog_style){ .local = true },
		   "<28>Nov 23 11:41:07 bindtrace: " TIME_WAIT);
	unsetenv("TZ");
	tzset();
	free(line);
	free(refusal);
}

/* Octets are counted, not characters. */
static void counted_message(void **state)
{
	const char *line = BEGIN("lost") ",\"stage\":\"\u00fc\",\"count\":2}\n";

	(void)state;
	is_message(line, (struct syslog_style){ .counted = true },
		   "84 <28>1 2026-11-23T09:41:07.123456Z web1 bindtrace - lost - "
		   "2 refusals were lost in \u00fc");
}

static void message_of_clock(void **state)
{
	(void)state;
	is_message(BEGIN("clock") ",\"slept_s\":90.0}\n", (struct syslog_style){ 0 },
		   "<29>1 2026-11-23T09:41:07.123456Z web1 bindtrace - clock - asleep for 90.0 s: "
		   "ports "
		   "that were to free by themselves do so that much later");
}

/* Headers are ASCII without spaces; what is not known is "-". */
static void header_without_facts(void **state)
{
	(void)state;
	is_message("{\"schema\":\"bindtrace/1\",\"kind\":\"lost\",\"host\":\"a b\",\"count\":1}\n",
		   (struct syslog_style){ 0 }, "<28>1 - - bindtrace - lost - 1 refusal was lost");
}

static void message_with_json(void **state)
{
	struct event *refusal = fixture_time_wait();
	char *line = replayed_line(refusal);
	char *message = message_of(line, (struct syslog_style){ .json = true });
	struct json_object *wanted = json_tokener_parse(line);
	struct json_object *got = json_tokener_parse(strchr(message, '{'));

	(void)state;
	assert_non_null(strstr(message, " bindtrace - failure - @cee: {\"msg\":\"bind refused: "));
	json_object_object_add(wanted, "msg", json_object_new_string(TIME_WAIT));
	assert_true(json_object_equal(got, wanted));
	json_object_put(got);
	json_object_put(wanted);
	free(message);
	free(line);
	free(refusal);
}

static void what_has_no_place(void **state)
{
	struct export_line l = read_line(BEGIN("bound") "}\n");

	(void)state;
	assert_false(log_message_wanted(&l));
	export_line_free(&l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(entry_of_failure),	  cmocka_unit_test(entry_of_listener),
		cmocka_unit_test(entry_of_hostile_names), cmocka_unit_test(entries_of_the_rest),
		cmocka_unit_test(messages_of_failure),	  cmocka_unit_test(counted_message),
		cmocka_unit_test(message_of_clock),	  cmocka_unit_test(header_without_facts),
		cmocka_unit_test(message_with_json),	  cmocka_unit_test(what_has_no_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
