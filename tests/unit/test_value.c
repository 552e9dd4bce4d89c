// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* JSON as it is read: what is JSON and what is none, numbers to the last digit, strings to the last byte. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fixture.h"
#include "base/value.h"

static struct value_tree tree;

static const struct value *parse(const char *text)
{
	return value_parse(&tree, text, strlen(text));
}

static void no_json(void **state)
{
	static const char *const texts[] = {
		"",
		" ",
		"{",
		"}",
		"[",
		"]",
		"[1",
		"[1,",
		"[1,]",
		"[,1]",
		"[1 2]",
		"{\"a\"",
		"{\"a\":",
		"{\"a\":1",
		"{\"a\":1,",
		"{,}",
		"{a:1}",
		"{'a':1}",
		"{\"a\":1,}",
		"{1:1}",
		"{\"a\" 1}",
		"tru",
		"True",
		"nul",
		"truefalse",
		"NaN",
		"Infinity",
		"-",
		"01",
		"-01",
		"+1",
		"1.",
		".1",
		"1e",
		"1e+",
		"0x10",
		"-0x10",
		"1_0",
		"--1",
		"\"",
		"\"a",
		"\"a\\\"",
		"\"\\",
		"\"\\u",
		"\"\\u12",
		"\"\\u12g4\"",
		"\"\\x41\"",
		"\"\t\"",
		"\"\n\"",
		"\"\\'\"",
		"1 2",
		"{} {}",
		"[] x",
		"/* */ 1",
		"// 1\n1",
		"1 // 1",
		"\"\\ud83d\"",
		"\"\\ude00\"",
		"\"\\ud83d\\u0041\"",
		"\"\\ud83dx\"",
		"\"\\ud83d\\n\"",
		"\"\\ud83d\\ud83d\"",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		if (parse(texts[i]))
			fail_msg("%s was taken for JSON", texts[i]);
	assert_null(value_parse(&tree, "1\0", 2));
	assert_null(value_parse(&tree, "\"a\0b\"", 5));
	assert_null(value_parse(&tree, "[1]", 2));
}

static void counts(void **state)
{
	static const struct {
		const char *text;
		uint64_t count;
	} cases[] = { { "0", 0 },
		      { " 7 ", 7 },
		      { "9007199254740993", 9007199254740993ull },
		      { "9223372036854775808", 9223372036854775808ull },
		      { "18446744073709551615", UINT64_MAX } };
	static const struct {
		const char *text;
		double real;
	} reals[] = { { "-1", -1 },	     { "-0", 0 },     { "1.5", 1.5 },
		      { "-12.25e2", -1225 }, { "1E3", 1000 }, { "18446744073709551616", 0x1p64 },
		      { "0e0", 0 } };
	const struct value *v;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		v = parse(cases[i].text);
		assert_non_null(v);
		assert_int_equal(v->type, VALUE_COUNT);
		assert_true(v->count == cases[i].count);
	}
	for (size_t i = 0; i < sizeof(reals) / sizeof(*reals); i++) {
		v = parse(reals[i].text);
		assert_non_null(v);
		assert_int_equal(v->type, VALUE_REAL);
		assert_true(v->real == reals[i].real);
	}
}

static void strings(void **state)
{
	static const struct {
		const char *text, *bytes;
		size_t n;
	} cases[] = {
		{ "\"\"", "", 0 },
		{ "\"plain\"", "plain", 5 },
		{ "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\/\b\f\n\r\t", 8 },
		{ "\"a\\u0000b\"", "a\0b", 3 },
		{ "\"\\u00e9\\u20AC\\ud83d\\uDE00!\"", "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80!",
		  10 },
		{ "\"\x7f\xc3\xa9\"", "\x7f\xc3\xa9", 3 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const struct value *v = parse(cases[i].text);

		assert_non_null(v);
		assert_int_equal(v->type, VALUE_STRING);
		assert_int_equal(v->n, cases[i].n);
		assert_memory_equal(v->text, cases[i].bytes, cases[i].n + 1);
	}
}

static void members(void **state)
{
	const struct value *o = parse(" { \"a\" : 1 , \"b\\u0000c\" : null, \"\" : [ ], \"d\" : { "
				      "\"a\" : false },\"a\":true}");

	(void)state;
	assert_non_null(o);
	assert_int_equal(o->n, 5);
	assert_int_equal(value_member(o, "a")->type, VALUE_BOOL); /* the last one */
	assert_int_equal(value_member(o, "a")->count, 1);
	assert_null(value_member(o, "b"));
	assert_int_equal(value_member(o, "")->type, VALUE_LIST);
	assert_int_equal(value_member(value_member(o, "d"), "a")->count, 0);
	assert_null(value_member(value_member(o, "a"), "a"));
	assert_null(value_member(NULL, "a"));
}

static void items(void **state)
{
	const struct value *list = parse("[1,[],{},\"x\",[2]]");
	static const enum value_type types[] = { VALUE_COUNT, VALUE_LIST, VALUE_OBJECT,
						 VALUE_STRING, VALUE_LIST };
	const struct value *item = list->first;

	(void)state;
	assert_int_equal(list->n, 5);
	for (size_t i = 0; i < 5; i++, item = item->next)
		assert_int_equal(item->type, types[i]);
	assert_null(item);
}

static void deep(void **state)
{
	char text[2 * (VALUE_DEPTH + 1) + 1] = { 0 };

	(void)state;
	memset(text, '[', VALUE_DEPTH);
	memset(text + VALUE_DEPTH, ']', VALUE_DEPTH);
	assert_non_null(parse(text));
	memset(text, '[', VALUE_DEPTH + 1);
	memset(text + VALUE_DEPTH + 1, ']', VALUE_DEPTH + 1);
	assert_null(parse(text));
}

/* As many values as there can be in so many bytes, also where the tree has room already; ASan watches. */
static void crowded(void **state)
{
	static const size_t sizes[] = { 3, 2001, 2999, 3001, 4501, 101, 1 << 20 | 1 };

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		char *text = malloc(sizes[i] + 1);

		for (size_t at = 0; at < sizes[i]; at++)
			text[at] = at % 2 ? '7' : ',';
		text[0] = '[';
		text[sizes[i] - 1] = ']';
		assert_int_equal(value_parse(&tree, text, sizes[i])->n, sizes[i] / 2);
		memset(text, '[', sizes[i]);
		assert_null(value_parse(&tree, text, sizes[i]));
		free(text);
	}
}

static int let_go(void **state)
{
	(void)state;
	value_free(&tree);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_json), cmocka_unit_test(counts), cmocka_unit_test(strings),
		cmocka_unit_test(members), cmocka_unit_test(items),  cmocka_unit_test(deep),
		cmocka_unit_test(crowded),
	};

	return cmocka_run_group_tests(tests, NULL, let_go);
}
