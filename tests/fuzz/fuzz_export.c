// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * What an exporter reads, and what comes of it: whatever the bytes, pages of metrics are of their format, which is one
 * sample or one comment a line, and in UTF-8; entries of the journal have the fields they are to have; messages of syslog
 * are one line, and their JSON is JSON.
 */
#include <endian.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "export/input.h"
#include "export/journal_entry.h"
#include "export/log_message.h"
#include "export/prometheus_text.h"
#include "export/syslog_message.h"
#include "fuzz.h"

static struct metrics *m;

static void look_at(enum prometheus_format format)
{
	char *page = NULL;
	size_t n = 0;
	FILE *out = open_memstream(&page, &n);

	fuzz_expect(!prometheus_text(out, m, 1, format) && !fclose(out));
	fuzz_expect(text_is_utf8(page, n));
	for (char *at = page, *end; *at; at = end + 1) {
		end = strchr(at, '\n');
		fuzz_expect(end && end > at);
		*end = '\0';
		fuzz_expect(!strncmp(at, "# ", 2) || !strncmp(at, "bindtrace_", 10));
		fuzz_expect(*at == '#' || strtod(strrchr(at, ' '), &at) >= 0);
	}
	free(page);
}

/* Fields to the last byte, and one message. */
static void look_at_entry(const struct export_line *line)
{
	unsigned messages = 0;
	uint64_t length;
	size_t n;
	char *entry = journal_entry(line, &n), *at = entry;

	while (at < entry + n) {
		size_t name = strspn(at, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_");

		fuzz_expect(name && (at[name] == '=' || at[name] == '\n'));
		messages += name == 7 && !memcmp(at, "MESSAGE", 7);
		at += name;
		if (*at++ == '\n') {
			memcpy(&length, at, sizeof(length));
			at += sizeof(length);
			length = le64toh(length);
		} else {
			length = strcspn(at, "\n");
		}
		fuzz_expect(length < (uint64_t)(entry + n - at) && at[length] == '\n');
		at += length + 1;
	}
	fuzz_expect(messages == 1);
	free(entry);
}

static void look_at_message(const struct export_line *line)
{
	const struct syslog_style style = { .json = true };
	size_t n;
	char *message = syslog_message(line, &style, &n);
	char *event = strstr(message, " - @cee: {");
	struct json_object *o = event ? json_tokener_parse(event + 9) : NULL;

	fuzz_expect(strlen(message) == n && !strchr(message, '\n') && text_is_utf8(message, n));
	fuzz_expect(json_object_object_get_ex(o, "msg", NULL));
	json_object_put(o);
	free(message);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static struct event event;
	struct export_line line;
	struct input_line read;
	struct input *in;

	fuzz_expect(dup2(fuzz_file(data, n), STDIN_FILENO) == STDIN_FILENO);
	m = metrics_new(4);
	fuzz_expect(!input_open(&in, NULL, NULL));
	while (input_next(in, &read) == 1) {
		if (export_line_read(&line, &read.line, read.stream, &event))
			continue;
		metrics_line(m, &line);
		if (log_message_wanted(&line)) {
			look_at_entry(&line);
			look_at_message(&line);
		}
		export_line_free(&line);
	}
	input_close(in);
	look_at(PROMETHEUS_FILE);
	metrics_free(m);
	return 0;
}
