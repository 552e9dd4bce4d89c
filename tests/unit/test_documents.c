// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Reports as documents: nothing that a task chose is markup, and everything is drawn where it was in time. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/storyteller.h"
#include "fixture.h"
#include "sink/document.h"
#include "model/words.h"
#include "sink/escape.h"
#include "sink/timeline.h"

#define SECOND 1000000000ull
#define FIRST  FIXTURE_REALTIME_NS

static const struct document_facts facts = { "0", "bindtrace\0report",
					     sizeof("bindtrace\0report") };

static void html_is(const char *safe, const char *wanted)
{
	char buf[256];
	struct text t;

	text_init(&t, buf, sizeof(buf));
	escape_html(&t, safe);
	assert_string_equal(buf, wanted);
}

static void test_html(void **state)
{
	char buf[8];
	struct text t;

	(void)state;
	html_is("", "");
	html_is("<script>alert(\"1\")</script>",
		"&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;");
	html_is("\"]]>&amp;'", "&quot;]]&gt;&amp;amp;&#39;");
	/* half an escape would be another character */
	text_init(&t, buf, sizeof(buf));
	escape_html(&t, "abc&def");
	assert_string_equal(buf, "abc");
	assert_true(t.cut);
}

static void code_is(const char *safe, bool cell, const char *wanted)
{
	char buf[256];
	struct text t;

	text_init(&t, buf, sizeof(buf));
	escape_code(&t, safe, cell);
	assert_string_equal(buf, wanted);
}

static void prose_is(const char *safe, bool cell, const char *wanted)
{
	char buf[256];
	struct text t;

	text_init(&t, buf, sizeof(buf));
	escape_prose(&t, safe, cell);
	assert_string_equal(buf, wanted);
}

static void test_markdown_code(void **state)
{
	(void)state;
	code_is("", false, "");
	code_is("<b>|x", false, "`<b>|x`");
	code_is("<b>|x", true, "`<b>\\|x`");
	code_is("a`b", false, "``a`b``");
	code_is("``", false, "``` `` ```");
	code_is(" a", false, "`  a `");
}

static void test_markdown_prose(void **state)
{
	(void)state;
	prose_is("plain words, 60.8 s (bind())", false, "plain words, 60.8 s (bind())");
	prose_is("<img src=x>", false, "\\<img src=x\\>");
	prose_is("[a](b) *c* _d_ `e` | ~f~ &lt; \\", true,
		 "\\[a\\](b) \\*c\\* \\_d\\_ \\`e\\` \\| \\~f\\~ \\&lt; \\\\");
	prose_is("- no list", false, "\\- no list");
	prose_is("1. no list", false, "1\\. no list");
	prose_is("# no title", false, "\\# no title");
	/* what GitHub would still make something of */
	prose_is("see http://evil", false, "`see http://evil`");
	prose_is("unix @docker|", true, "`unix @docker\\|`");
	prose_is("closes #12", false, "`closes #12`");
	prose_is("closes gh-12", false, "`closes gh-12`");
	prose_is("got by :fire:[3]", true, "`got by :fire:[3]`");
	prose_is("costs $1$", false, "`costs $1$`");
	prose_is("tcp [2001:db8:a::1]:80: one", true, "tcp \\[2001:db8:a::1\\]:80: one");
}

static struct story_book *told(struct storyteller *t, struct event *e)
{
	struct written w = { e->asker.comm, 1, e->rec.hdr.boottime_ns, e->realtime_ns };

	assert_int_equal(story_refused(t, e, &w), 0);
	story_line(t, &w);
	return &t->book;
}

static char *document(int (*write)(int, const struct document_facts *, const struct story_book *),
		      const struct story_book *b)
{
	int fd = fixture_open();
	char *text;

	assert_int_equal(write(fd, &facts, b), 0);
	text = fixture_read(fd);
	close(fd);
	return text;
}

/* Every string that a task, or who wrote the recording, can choose. */
static void infect(struct event *e, const char *with)
{
	snprintf(e->asker.comm, sizeof(e->asker.comm), "%s", with);
	snprintf(e->processes[0].comm, sizeof(e->processes[0].comm), "%s", with);
	snprintf(e->holders[0].closer.comm, sizeof(e->holders[0].closer.comm), "%s", with);
	snprintf(e->holders[0].opener.comm, sizeof(e->holders[0].opener.comm), "%s", with);
	snprintf(e->verdict.summary, sizeof(e->verdict.summary), "%s", with);
	snprintf(e->verdict.advice[0].text, sizeof(e->verdict.advice[0].text), "%s", with);
	snprintf(e->verdict.advice[0].command, sizeof(e->verdict.advice[0].command), "%s", with);
}

static void test_hostile(void **state)
{
	static const char *const hostile[] = { "<script>", "\"]]>",   "a|b", "\n\n# x", "\033[31m",
					       "\u202ex",  "\xff<b>", "`x`", "--><i>" };

	(void)state;
	for (size_t i = 0; i < sizeof(hostile) / sizeof(*hostile); i++) {
		struct storyteller *t = calloc(1, sizeof(*t));
		struct event *e = fixture_time_wait();
		char *html, *markdown;

		infect(e, hostile[i]);
		told(t, e);
		html = document(html_document, &t->book);
		markdown = document(markdown_document, &t->book);
		assert_null(strstr(html, "<script"));
		assert_null(strstr(html, "<b>\""));
		assert_null(strstr(html, "<i>"));
		assert_null(strstr(html, "\"]]>"));
		assert_null(strstr(markdown, "\n# x"));
		for (const char *bad = "\033\xff"; *bad; bad++) {
			assert_null(strchr(html, *bad));
			assert_null(strchr(markdown, *bad));
		}
		assert_null(strstr(html, "\u202e"));
		assert_null(strstr(markdown, "\u202e"));
		free(html);
		free(markdown);
		story_free(t);
		free(t);
		free(e);
	}
}

static void test_empty(void **state)
{
	struct storyteller *t = calloc(1, sizeof(*t));
	char *html = document(html_document, &t->book), *markdown;

	(void)state;
	markdown = document(markdown_document, &t->book);
	assert_non_null(strstr(html, "No refusal is told of."));
	assert_non_null(strstr(markdown, "No refusal is told of."));
	assert_non_null(strstr(html, "there is no header"));
	assert_null(strstr(html, "<svg"));
	free(html);
	free(markdown);
	/* only who saw all can say that there was none */
	t->book.covered = true;
	html = document(html_document, &t->book);
	assert_non_null(strstr(html, "Nothing was refused."));
	assert_non_null(strstr(html, "Nothing is known to be missing."));
	free(html);
	t->book.coverage.missing = WORD_OTHER_MISSING;
	html = document(html_document, &t->book);
	assert_non_null(strstr(html, "<li>something that this bindtrace has no words for"));
	assert_null(strstr(html, "Nothing is known to be missing."));
	free(html);
	t->book.narrowed = true;
	html = document(html_document, &t->book);
	assert_non_null(strstr(html, "No refusal is told of."));
	free(html);
	free(t);
}

/* The document of very many incidents is bounded, and says so. */
static void test_many(void **state)
{
	struct storyteller *t = calloc(1, sizeof(*t));
	struct event *e = fixture_time_wait();
	char *html, *at;
	unsigned n = 0;

	(void)state;
	for (unsigned i = 0; i < DOCUMENT_ROWS + 50; i++) {
		e->rec.sock.port = (uint16_t)(1000 + i);
		told(t, e);
	}
	html = document(html_document, &t->book);
	for (at = html; (at = strstr(at, "<svg viewBox=\"0 0 8")); at++)
		n++;
	assert_int_equal(n, STORY_DETAILS);
	assert_non_null(strstr(html, "50 more incidents are not listed"));
	assert_non_null(strstr(html, "The first 100 are told and drawn below."));
	free(html);
	story_free(t);
	free(t);
	free(e);
}

/* Refusals for more reasons than an incident has room for are told of all the same. */
static void test_many_reasons(void **state)
{
	struct storyteller *t = calloc(1, sizeof(*t));
	struct event *e = fixture_time_wait();
	char *text;

	(void)state;
	e->repeat.adds = 1;
	for (unsigned i = 0; i < STORY_CAUSES + 2; i++) {
		e->verdict.reason = REASON_LISTENER + i;
		told(t, e);
	}
	text = document(html_document, &t->book);
	assert_non_null(strstr(text, "<dt>Other reasons, or none told</dt><dd>2 refusals</dd>"));
	free(text);
	text = document(markdown_document, &t->book);
	assert_non_null(strstr(text, "- **Other reasons, or none told:** 2 refusals\n"));
	free(text);
	story_free(t);
	free(t);
	free(e);
}

static void test_disk_full(void **state)
{
	struct storyteller *t = calloc(1, sizeof(*t));

	(void)state;
	assert_int_equal(html_document(-1, &facts, &t->book), -EBADF);
	assert_int_equal(markdown_document(-1, &facts, &t->book), -EBADF);
	free(t);
}

static struct story_detail detail;
static struct story story = { .first_ns = FIRST,
			      .last_ns = FIRST + 10 * SECOND,
			      .detail = &detail };

static struct story_bar *one_bar(enum bt_role role, uint64_t from_ns)
{
	memset(&detail, 0, sizeof(detail));
	detail.n_bars = 1;
	detail.bars[0] = (struct story_bar){
		.role = role, .from_ns = from_ns, .first_ns = FIRST, .last_ns = FIRST + 5 * SECOND
	};
	return detail.bars;
}

/* TIME_WAIT that ends after the recording: known to there, then computed, and all of it in the window. */
static void test_forecast(void **state)
{
	const struct story_origin o = { .first_ns = FIRST - SECOND,
					.last_ns = FIRST + 12 * SECOND };
	struct story_bar *b = one_bar(ROLE_TIME_WAIT, FIRST - SECOND / 2);
	struct timeline_bar parts;
	struct timeline t;

	(void)state;
	b->frees_ns = FIRST + 60 * SECOND;
	timeline_fit(&t, &story, &o);
	assert_true(t.from_ns < FIRST - SECOND / 2 && t.to_ns > b->frees_ns);
	timeline_bar(&parts, &t, &story, b);
	assert_int_equal(parts.maybe_from, FIRST - SECOND / 2);
	assert_int_equal(parts.known_from, FIRST - SECOND / 2);
	assert_int_equal(parts.known_to, o.last_ns);
	assert_int_equal(parts.expected_to, b->frees_ns);
	assert_int_equal(parts.maybe_to, b->frees_ns);
	assert_false(parts.earlier || parts.later);
}

/* A listener of unknown age, last met before the end: on both sides it may have been there. */
static void test_maybe(void **state)
{
	struct story_bar *b = one_bar(ROLE_LISTENER, 0);
	struct timeline_bar parts;
	struct timeline t;

	(void)state;
	timeline_fit(&t, &story, NULL);
	timeline_bar(&parts, &t, &story, b);
	assert_int_equal(parts.maybe_from, t.from_ns);
	assert_int_equal(parts.known_from, FIRST);
	assert_int_equal(parts.known_to, FIRST + 5 * SECOND);
	assert_int_equal(parts.expected_to, parts.known_to);
	assert_int_equal(parts.maybe_to, story.last_ns);
	assert_true(parts.earlier);
	b->gone_ns = FIRST + 7 * SECOND;
	timeline_bar(&parts, &t, &story, b);
	assert_int_equal(parts.maybe_to, FIRST + 7 * SECOND);
}

/* A listener of three days does not make a line of ten seconds: it begins at the left edge. */
static void test_far_away(void **state)
{
	struct story_bar *b = one_bar(ROLE_LISTENER, FIRST - 3 * 86400 * SECOND);
	struct timeline_bar parts;
	struct timeline t;

	(void)state;
	timeline_fit(&t, &story, NULL);
	assert_true(t.to_ns - t.from_ns < 12 * SECOND);
	timeline_bar(&parts, &t, &story, b);
	assert_int_equal(parts.known_from, t.from_ns);
	assert_true(parts.earlier);
}

static void test_axis(void **state)
{
	struct timeline t;
	uint64_t marks, span;

	(void)state;
	for (uint64_t last = 0; last < 400 * 86400 * SECOND; last = last * 3 + 1000) {
		struct story s = { .first_ns = FIRST, .last_ns = FIRST + last, .detail = &detail };

		memset(&detail, 0, sizeof(detail));
		timeline_fit(&t, &s, NULL);
		span = t.to_ns - t.from_ns;
		marks = t.first_mark_ns > t.to_ns ? 0 : (t.to_ns - t.first_mark_ns) / t.step_ns + 1;
		assert_true(marks >= 1 && marks <= 9);
		assert_true(fabs(timeline_x(&t, t.from_ns) - TIMELINE_LEFT) < 0.01);
		assert_true(fabs(timeline_x(&t, t.from_ns + span / 2) -
				 (TIMELINE_LEFT + TIMELINE_RIGHT) / 2.0) < 0.01);
		assert_true(fabs(timeline_x(&t, t.to_ns + SECOND) - TIMELINE_RIGHT) < 0.01);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_html),	       cmocka_unit_test(test_markdown_code),
		cmocka_unit_test(test_markdown_prose), cmocka_unit_test(test_hostile),
		cmocka_unit_test(test_empty),	       cmocka_unit_test(test_many),
		cmocka_unit_test(test_many_reasons),
		cmocka_unit_test(test_disk_full),      cmocka_unit_test(test_forecast),
		cmocka_unit_test(test_maybe),	       cmocka_unit_test(test_far_away),
		cmocka_unit_test(test_axis),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
