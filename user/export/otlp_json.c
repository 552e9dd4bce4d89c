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
static struct json_object *count_value(uint64_t n)
{
	return one(n > INT64_MAX ? "stringValue" : "intValue", decimal(n));
}

/* A list without items is left out, as it is in protobuf. */
static struct json_object *values(struct json_object *list)
{
	if (json_object_array_length(list))
		return one("values", list);
	json_object_put(list);
	return json_object_new_object();
}

static struct json_object *value_at(const struct value *v, int depth);

static struct json_object *list_value(const struct value *v, int depth)
{
	struct json_object *list = json_object_new_array(), *item;
	int n = 0;

	for (v = v->first; v && n < OTLP_MOST_ITEMS; v = v->next, n++) {
		item = value_at(v, depth);
		if (item)
			json_object_array_add(list, item);
	}
	return otlp_list(list);
}

static struct json_object *object_value(const struct value *v, int depth)
{
	struct json_object *list = json_object_new_array();
	int n = 0;

	for (v = v->first; v && n < OTLP_MOST_ITEMS; v = v->next, n++)
		otlp_add(list, v->key, value_at(v, depth));
	return one("kvlistValue", values(list));
}

/* Who reads protobuf gives up at some depth, and with it the whole request. */
static struct json_object *value_at(const struct value *v, int depth)
{
	if (!v || depth > MOST_DEPTH)
		return NULL;
	switch (v->type) {
	case VALUE_BOOL:
		return one("boolValue", json_object_new_boolean(v->count));
	case VALUE_COUNT:
		return count_value(v->count);
	case VALUE_REAL:
		return isfinite(v->real) ? one("doubleValue", json_object_new_double(v->real))
					 : NULL;
	case VALUE_STRING:
		return text_value(v->text, v->n);
	case VALUE_LIST:
		return list_value(v, depth + 1);
	case VALUE_OBJECT:
		return object_value(v, depth + 1);
	case VALUE_NULL:
		break;
	}
	return NULL;
}

struct json_object *otlp_value(const struct value *v)
{
	return value_at(v, 0);
}

struct json_object *otlp_list(struct json_object *list)
{
	return one("arrayValue", values(list));
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
	otlp_add(attributes, key, count_value(value));
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
