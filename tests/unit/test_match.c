/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The matcher the case driver judges with: what it lets pass and what it must not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "match.h"

/* Texts use ' for ", as the cases do. */
static struct json_object *parse(const char *text)
{
	char json[2048];
	struct json_object *o;

	assert_true(strlen(text) < sizeof(json));
	strcpy(json, text);
	for (char *c = json; *c; c++)
		if (*c == '\'')
			*c = '"';
	o = json_tokener_parse(json);
	assert_non_null(o);
	return o;
}

static bool matches(const char *want, const char *event, const char *reason)
{
	struct json_object *w = parse(want), *e = parse(event);
	struct why why = { "" };
	bool ok = match_event(w, e, &why);

	if (!ok && reason && !strstr(why.text, reason))
		fail_msg("reason \"%s\" lacks \"%s\"", why.text, reason);
	json_object_put(w);
	json_object_put(e);
	return ok;
}

static void test_scalars(void **state)
{
	(void)state;
	assert_true(matches("{}", "{'a': 1}", NULL));
	assert_true(matches("{'a': 1}", "{'a': 1, 'b': 2}", NULL));
	assert_true(matches("{'a': 1}", "{'a': 1.0}", NULL));
	assert_true(matches("{'a': 18446744073709551615}", "{'a': 18446744073709551615}", NULL));
	assert_false(
		matches("{'a': 18446744073709551615}", "{'a': 18446744073709551614}", "a: want"));
	assert_false(matches("{'a': 9007199254740993}", "{'a': 9007199254740992}", NULL));
	assert_false(matches("{'a': 1}", "{'a': '1'}", NULL));
	assert_false(matches("{'a': true}", "{'a': 1}", NULL));
	assert_false(matches("{'a': 'x'}", "{}", "a: want \"x\", have nothing"));
}

static void test_null_is_absent(void **state)
{
	(void)state;
	assert_true(matches("{'a': null}", "{}", NULL));
	assert_true(matches("{'a': null}", "{'a': null}", NULL));
	assert_false(matches("{'a': null}", "{'a': 0}", "a: want null, have 0"));
}

static void test_ranges(void **state)
{
	(void)state;
	assert_true(matches("{'a': {'min': 1, 'max': 2}}", "{'a': 1.5}", NULL));
	assert_true(matches("{'a': {'min': 1}}", "{'a': 1}", NULL));
	assert_true(matches("{'a': {'max': 2}}", "{'a': -7}", NULL));
	assert_false(matches("{'a': {'min': 1, 'max': 2}}", "{'a': 2.01}", "a: want"));
	assert_false(matches("{'a': {'min': 1}}", "{}", NULL));
	assert_false(matches("{'a': {'min': 1}}", "{'a': null}", NULL));
	assert_false(matches("{'a': {'min': 1}}", "{'a': '1'}", NULL));
	/* with another member it is a plain object */
	assert_true(matches("{'a': {'min': 1, 'x': 2}}", "{'a': {'min': 1, 'x': 2}}", NULL));
}

static void test_nested(void **state)
{
	(void)state;
	assert_true(matches("{'p': {'pid': 7}}", "{'p': {'pid': 7, 'comm': 'x'}}", NULL));
	assert_false(matches("{'p': {'pid': 7}}", "{'p': {'pid': 8}}", "p.pid: want 7, have 8"));
	assert_false(matches("{'p': {'pid': 7}}", "{'p': 7}", NULL));
	assert_true(matches("{'l': [{'a': 2}, {'a': 1}]}", "{'l': [{'a': 1, 'b': 0}, {'a': 2}]}",
			    NULL));
	assert_true(matches("{'l': []}", "{'l': []}", NULL));
	assert_false(matches("{'l': []}", "{}", NULL));
	assert_false(matches("{'l': []}", "{'l': [1]}", "l: want []"));
	assert_false(matches("{'l': [{'a': 3}]}", "{'l': [{'a': 1}, {'a': 2}]}", "l[0]"));
	assert_false(matches("{'l': [{'a': 3}]}", "{'l': [{'a': 1}]}", "l[0].a: want 3, have 1"));
}

static void test_culprit(void **state)
{
	const char *two = "{'holders': [{'role': 'bound'}, {'role': 'listener', 'culprit': true}]}";

	(void)state;
	assert_true(matches("{'culprit_holder': {'role': 'listener'}}", two, NULL));
	assert_false(matches("{'culprit_holder': {'role': 'bound'}}", two, "culprit_holder.role"));
	assert_false(
		matches("{'culprit_holder': {}}", "{'holders': [{'culprit': false}]}", "have 0"));
	assert_false(matches("{'culprit_holder': {}}",
			     "{'holders': [{'culprit': true}, {'culprit': true}]}", "have 2"));
	assert_false(matches("{'culprit_holder': {}}", "{}", "have 0"));
}

static void test_other_pids(void **state)
{
	const char *want = "{'no_other_pids': true, 'allowed_pids': [5, 6]}";

	(void)state;
	assert_true(matches(want, "{}", NULL));
	assert_true(matches(want, "{'process': {'pid': 9}, 'holders': []}", NULL));
	assert_true(matches(want, "{'holders': [{'processes': [{'pid': 5}, {'pid': 6}]}]}", NULL));
	assert_true(
		matches(want, "{'holders': [{'bound_by': {'pid': 0}}, {'bound_by': null}]}", NULL));
	assert_false(matches(want, "{'holders': [{'processes': [{'pid': 5}, {'pid': 7}]}]}",
			     "process 7"));
	assert_false(matches(want, "{'holders': [{}, {'bound_by': {'pid': 7}}]}", "bound_by"));
	assert_false(matches(want, "{'holders': [{'time_wait': {'closed_by': {'pid': 7}}}]}",
			     "closed_by"));
	assert_false(matches("{'no_other_pids': true}", "{'holders': [{'bound_by': {'pid': 7}}]}",
			     NULL));
	assert_true(matches("{'no_other_pids': false}", "{'holders': [{'bound_by': {'pid': 7}}]}",
			    NULL));
}

static void test_not_advised(void **state)
{
	const char *later =
		"{'advice': [{'action': 'set_reuseaddr', 'effective': 'next_restart'}]}";
	const char *now = "{'advice': [{'action': 'wait', 'effective': 'after_wait'},"
			  " {'action': 'set_reuseaddr', 'effective': 'now'}]}";

	(void)state;
	assert_true(matches("{'not_advised_now': ['set_reuseaddr']}", later, NULL));
	assert_false(matches("{'not_advised_now': ['set_reuseaddr']}", now,
			     "set_reuseaddr with effect now"));
	assert_false(matches("{'not_advised': ['set_reuseaddr']}", later, "set_reuseaddr"));
	assert_true(matches("{'not_advised': ['set_reuseport']}", now, NULL));
	assert_true(matches("{'not_advised': ['set_reuseport']}", "{}", NULL));
}

static void test_member(void **state)
{
	struct json_object *o = parse("{'a': {'b': {'c': 3}}}");

	(void)state;
	assert_int_equal(json_object_get_int(member(o, "a.b.c")), 3);
	assert_null(member(o, "a.x.c"));
	assert_null(member(o, "a.b.c.d"));
	assert_null(member(NULL, "a"));
	json_object_put(o);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_scalars),	    cmocka_unit_test(test_null_is_absent),
		cmocka_unit_test(test_ranges),	    cmocka_unit_test(test_nested),
		cmocka_unit_test(test_culprit),	    cmocka_unit_test(test_other_pids),
		cmocka_unit_test(test_not_advised), cmocka_unit_test(test_member),
	};

	return cmocka_run_group_tests_name("match", tests, NULL, NULL);
}
