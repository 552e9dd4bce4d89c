// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "export/otlp_json.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/version.h"

enum { MOST_DEPTH = 8 };

static struct json_object *one(const char *key, struct json_object *value)
{
	struct json_object *o = json_object_new_object();

	json_object_object_add(o, key, value);
	return o;
}

static struct json_object *decimal(uint64_t value)
{
	char digits[24];

	snprintf(digits, sizeof(digits), "%" PRIu64, value);
	return json_object_new_string(digits);
}

/* Repaired, and cut between two characters: what is not UTF-8 the whole request would be refused for. */
static struct json_object *text_value(const char *bytes, size_t n)
{
	char room[3 * OTLP_MOST_TEXT + 1];
	struct text t;

	if (n > OTLP_MOST_TEXT)
		for (n = OTLP_MOST_TEXT; n && ((unsigned char)bytes[n] & 0xc0) == 0x80; n--)
			;
	text_init(&t, room, sizeof(room));
	text_utf8_repair(&t, bytes, n);
	return one("stringValue", json_object_new_string_len(room, (int)t.len));
}

/* AnyValue has signed numbers only; a larger one stays what it is as text. */
static struct json_object *int_value(struct json_object *json)
{
	uint64_t above = json_object_get_uint64(json);
	char digits[24];

	if (above > INT64_MAX)
		return one("stringValue", decimal(above));
	snprintf(digits, sizeof(digits), "%" PRId64, json_object_get_int64(json));
	return one("intValue", json_object_new_string(digits));
}

static struct json_object *double_value(struct json_object *json)
{
	double value = json_object_get_double(json);

	return isfinite(value) ? one("doubleValue", json_object_new_double(value)) : NULL;
}

/* A list without items is left out, as it is in protobuf. */
static struct json_object *values(struct json_object *list)
{
	if (json_object_array_length(list))
		return one("values", list);
	json_object_put(list);
	return json_object_new_object();
}

static struct json_object *value_at(struct json_object *json, int depth);

static struct json_object *list_value(struct json_object *json, int depth)
{
	struct json_object *list = json_object_new_array(), *value;
	size_t n = json_object_array_length(json);

	for (size_t i = 0; i < n && i < OTLP_MOST_ITEMS; i++) {
		value = value_at(json_object_array_get_idx(json, i), depth);
		if (value)
			json_object_array_add(list, value);
	}
	return one("arrayValue", values(list));
}

static struct json_object *object_value(struct json_object *json, int depth)
{
	struct json_object *list = json_object_new_array();
	struct json_object_iterator i = json_object_iter_begin(json);
	struct json_object_iterator end = json_object_iter_end(json);

	for (int n = 0; n < OTLP_MOST_ITEMS && !json_object_iter_equal(&i, &end); n++) {
		otlp_add(list, json_object_iter_peek_name(&i),
			 value_at(json_object_iter_peek_value(&i), depth));
		json_object_iter_next(&i);
	}
	return one("kvlistValue", values(list));
}

/* Who reads protobuf gives up at some depth, and with it the whole request. */
static struct json_object *value_at(struct json_object *json, int depth)
{
	if (depth > MOST_DEPTH)
		return NULL;
	switch (json_object_get_type(json)) {
	case json_type_boolean:
		return one("boolValue", json_object_new_boolean(json_object_get_boolean(json)));
	case json_type_int:
		return int_value(json);
	case json_type_double:
		return double_value(json);
	case json_type_string:
		return text_value(json_object_get_string(json),
				  (size_t)json_object_get_string_len(json));
	case json_type_array:
		return list_value(json, depth + 1);
	case json_type_object:
		return object_value(json, depth + 1);
	case json_type_null:
		break;
	}
	return NULL;
}

struct json_object *otlp_value(struct json_object *json)
{
	return value_at(json, 0);
}

void otlp_put(struct json_object *o, const char *key, struct json_object *value)
{
	if (value)
		json_object_object_add(o, key, value);
}

void otlp_put_u64(struct json_object *o, const char *key, uint64_t value)
{
	otlp_put(o, key, decimal(value));
}

void otlp_add(struct json_object *attributes, const char *key, struct json_object *value)
{
	struct json_object *o;

	if (!value)
		return;
	o = one("key", json_object_new_string(key));
	json_object_object_add(o, "value", value);
	json_object_array_add(attributes, o);
}

void otlp_add_text(struct json_object *attributes, const char *key, const char *text)
{
	if (text[0])
		otlp_add(attributes, key, text_value(text, strlen(text)));
}

void otlp_add_u64(struct json_object *attributes, const char *key, uint64_t value)
{
	otlp_add(attributes, key,
		 one(value > INT64_MAX ? "stringValue" : "intValue", decimal(value)));
}

struct json_object *otlp_scope(void)
{
	struct json_object *o = one("name", json_object_new_string("bindtrace"));

	otlp_put(o, "version", json_object_new_string(BINDTRACE_VERSION));
	return o;
}

char *otlp_print(struct json_object *o, size_t *n)
{
	int flags = JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE;
	const char *json = json_object_to_json_string_length(o, flags, n);
	char *copy = json ? malloc(*n + 1) : NULL;

	if (copy)
		memcpy(copy, json, *n + 1);
	json_object_put(o);
	return copy;
}
