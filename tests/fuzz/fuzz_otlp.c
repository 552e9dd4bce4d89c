// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * What a collector answers, what the environment says, and lines as log records: of the latter each is one JSON object
 * in UTF-8 that is not too deep for who reads protobuf.
 */
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "export/otlp_answer.h"
#include "export/otlp_logs.h"
#include "export/otlp_resource.h"
#include "fuzz.h"

enum { MOST_DEPTH = 48 };

static int is_pair(void *context, const char *key, const char *value)
{
	(void)context;
	fuzz_expect(key[0] && text_is_utf8(key, strlen(key)) && text_is_utf8(value, strlen(value)));
	return 0;
}

static void answer(const char *text, size_t n)
{
	struct otlp_partial partial;
	int64_t wait_ns = otlp_retry_after(text, 1800000000);

	fuzz_expect(wait_ns >= -1 && wait_ns <= OTLP_MOST_WAIT_S * 1000000000ll);
	otlp_partial_read(&partial, text, n, "rejectedLogRecords");
	for (const char *at = partial.message; *at; at++)
		fuzz_expect((unsigned char)*at >= ' ' && *at != 0x7f);
	otlp_pairs(text, is_pair, NULL);
}

static void record(const char *text, size_t n)
{
	static struct export_stream stream;
	static struct event event;
	struct line line = { .bytes = text, .n = n, .number = 1 };
	struct json_tokener *tokener = json_tokener_new_ex(MOST_DEPTH);
	struct json_object *o;
	struct export_line l;
	char *json = NULL;

	line.ended = n && text[n - 1] == '\n';
	if (!export_line_read(&l, &line, &stream, &event)) {
		fuzz_expect(!otlp_log_record(&json, &n, &l, 1));
		export_line_free(&l);
	}
	if (json) {
		json_tokener_set_flags(tokener, JSON_TOKENER_STRICT);
		o = json_tokener_parse_ex(tokener, json, (int)n);
		fuzz_expect(json_object_is_type(o, json_type_object) && text_is_utf8(json, n) &&
			    json_tokener_get_parse_end(tokener) == n);
		json_object_put(o);
	}
	json_tokener_free(tokener);
	free(json);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	char *text = fuzz_string(data, n);

	answer(text, n);
	record(text, n);
	free(text);
	return 0;
}
