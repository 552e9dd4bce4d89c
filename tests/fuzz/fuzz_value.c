// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* JSON as a recording's reader takes it, against json-c: what the one takes the other takes, too, and for the same. */
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/value.h"
#include "fuzz.h"

static void expect_same(const struct value *v, struct json_object *o);

static void expect_same_list(const struct value *list, struct json_object *o)
{
	const struct value *item = list->first;

	fuzz_expect(json_object_is_type(o, json_type_array));
	fuzz_expect(json_object_array_length(o) == list->n);
	for (size_t i = 0; i < list->n; i++, item = item->next)
		expect_same(item, json_object_array_get_idx(o, i));
	fuzz_expect(!item);
}

/* Both have the last of members with the same key. */
static void expect_same_members(const struct value *v, struct json_object *o)
{
	fuzz_expect(json_object_is_type(o, json_type_object));
	fuzz_expect((size_t)json_object_object_length(o) <= v->n);
	json_object_object_foreach(o, key, member)
	{
		const struct value *same = value_member(v, key);

		fuzz_expect(same != NULL);
		expect_same(same, member);
	}
}

static void expect_same_number(const struct value *v, struct json_object *o)
{
	if (v->type == VALUE_COUNT) {
		fuzz_expect(json_object_is_type(o, json_type_int));
		fuzz_expect(json_object_get_uint64(o) == v->count);
		return;
	}
	/* a whole number that is negative, or beyond 64 bits, where json-c has the nearest one it can have */
	if (json_object_is_type(o, json_type_int))
		fuzz_expect(v->real <= 0 || v->real >= 0x1p63);
	else
		fuzz_expect(json_object_get_double(o) == v->real);
}

static void expect_same(const struct value *v, struct json_object *o)
{
	switch (v->type) {
	case VALUE_NULL:
		fuzz_expect(!o);
		break;
	case VALUE_BOOL:
		fuzz_expect(json_object_is_type(o, json_type_boolean));
		fuzz_expect((uint64_t)json_object_get_boolean(o) == v->count);
		break;
	case VALUE_COUNT:
	case VALUE_REAL:
		expect_same_number(v, o);
		break;
	case VALUE_STRING:
		fuzz_expect(json_object_is_type(o, json_type_string));
		fuzz_expect((size_t)json_object_get_string_len(o) == v->n);
		fuzz_expect(!memcmp(json_object_get_string(o), v->text, v->n + 1));
		break;
	case VALUE_LIST:
		expect_same_list(v, o);
		break;
	case VALUE_OBJECT:
		expect_same_members(v, o);
	}
}

static struct json_object *other_reading(const uint8_t *data, size_t n, bool *fine)
{
	struct json_tokener *tokener = json_tokener_new();
	struct json_object *o;

	json_tokener_set_flags(tokener, JSON_TOKENER_STRICT);
	/* with the NUL behind it: a number ends there */
	o = json_tokener_parse_ex(tokener, (const char *)data, (int)n + 1);
	*fine = json_tokener_get_error(tokener) == json_tokener_success;
	json_tokener_free(tokener);
	return o;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static struct value_tree tree;
	char *text = fuzz_string(data, n);
	const struct value *v = value_parse(&tree, text, n);
	struct json_object *o;
	bool fine;

	/* a key of json-c ends at its first NUL, and it knows no bound that is as near */
	if (v && text_is_utf8(text, n) && !strstr(text, "\\u0000")) {
		o = other_reading((const uint8_t *)text, n, &fine);
		fuzz_expect(fine);
		expect_same(v, o);
		json_object_put(o);
	}
	free(text);
	return 0;
}
