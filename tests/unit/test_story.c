// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* What the lines of a recording come to: incidents, and what their pictures are drawn from. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/storyteller.h"
#include "fixture.h"
#include "sink/document.h"
#include "sink/story_words.h"

#define MS     1000000ull
#define SECOND (1000 * MS)
#define FIRST  FIXTURE_REALTIME_NS

static struct storyteller *teller;
static struct event *e;

static int begin(void **state)
{
	(void)state;
	teller = calloc(1, sizeof(*teller));
	e = fixture_time_wait();
	e->repeat.adds = 1;
	return 0;
}

static int end(void **state)
{
	(void)state;
	story_free(teller);
	free(teller);
	free(e);
	return 0;
}

static struct written at(uint64_t after_ns)
{
	return (struct written){ "web1", 1, FIXTURE_BOOTTIME_NS + after_ns, FIRST + after_ns };
}

static struct story *refused(uint64_t after_ns)
{
	struct written w = at(after_ns);

	e->rec.hdr.boottime_ns = w.boottime_ns;
	e->realtime_ns = w.realtime_ns;
	assert_int_equal(story_refused(teller, e, &w), 0);
	return &teller->book.stories[teller->book.n - 1];
}

static void folded(uint64_t after_ns, int64_t adds, uint64_t since_ns)
{
	struct folded of = { .named = true };
	struct repeat repeat = { .adds = adds, .since_ns = since_ns };
	struct written w = at(after_ns);

	of.key = (struct bt_fold_key){ .pid = e->asker.pid,
				       .netns = e->rec.task.netns,
				       .port = e->rec.sock.port,
				       .protocol = e->rec.sock.protocol,
				       .error = e->rec.error,
				       .operation = e->rec.operation,
				       .family = (uint8_t)e->rec.sock.family };
	memcpy(of.key.addr, e->rec.sock.addr, sizeof(of.key.addr));
	assert_int_equal(story_folded(teller, &of, &repeat, &w), 0);
}

/* adds as the line says it; -1: it is older, and does not. */
static void resolved_adds(uint64_t after_ns, uint64_t refusals, int64_t adds)
{
	struct resolution of = { .asked = e->rec.sock,
				 .operation = e->rec.operation,
				 .netns = e->rec.task.netns,
				 .refusals = refusals,
				 .adds = adds,
				 .after_ns = after_ns };
	struct process who = { .pid = 99, .comm = "winner" };
	struct written w = at(after_ns);

	assert_true(story_resolved(teller, &of, &who, &w));
}

static void resolved(uint64_t after_ns, uint64_t refusals)
{
	resolved_adds(after_ns, refusals, -1);
}

static uint64_t counted(const struct story *s)
{
	uint64_t all = 0;

	for (unsigned i = 0; i < s->detail->n_ticks; i++) {
		assert_true(s->detail->ticks[i].count);
		assert_true(s->detail->ticks[i].from_ns <= s->detail->ticks[i].at_ns);
		all += s->detail->ticks[i].count;
	}
	return all;
}

static void test_one(void **state)
{
	struct story *s = refused(0);
	const struct story_bar *b = s->detail->bars;

	(void)state;
	assert_int_equal(s->refusals, 1);
	assert_int_equal(s->detail->n_ticks, 1);
	assert_int_equal(s->detail->ticks[0].from_ns, FIRST);
	assert_int_equal(s->detail->ticks[0].at_ns, FIRST);
	assert_int_equal(s->detail->n_bars, 1);
	assert_true(b->decisive);
	assert_int_equal(b->role, ROLE_TIME_WAIT);
	assert_string_equal(b->closer, "python3[4188]");
	assert_int_equal(b->frees_ns, FIRST + (uint64_t)e->rec.holders[0].sock.frees_in_ns);
	assert_int_equal(b->from_ns, FIRST - (FIXTURE_BOOTTIME_NS - e->holders[0].closer.time_ns));
	assert_int_equal(s->detail->n_causes, 1);
	assert_int_equal(s->detail->causes[0].n_advice,
			 e->verdict.n_advice < STORY_ADVICE ? e->verdict.n_advice : STORY_ADVICE);
}

/* The same socket is one bar, for as long as it was met; counted refusals are somewhere between two lines. */
static void test_goes_on(void **state)
{
	struct story *s = refused(0);

	(void)state;
	s = refused(2 * SECOND);
	folded(5 * SECOND, 7, 3 * SECOND);
	assert_int_equal(teller->book.n, 1);
	assert_int_equal(s->detail->n_bars, 1);
	assert_int_equal(s->detail->bars[0].first_ns, FIRST);
	assert_int_equal(s->detail->bars[0].last_ns, FIRST + 2 * SECOND);
	assert_int_equal(s->detail->n_ticks, 3);
	assert_int_equal(s->detail->ticks[2].from_ns, FIRST + 2 * SECOND);
	assert_int_equal(s->detail->ticks[2].at_ns, FIRST + 5 * SECOND);
	assert_int_equal(s->detail->ticks[2].count, 7);
	assert_int_equal(s->refusals, 9);
	assert_int_equal(s->detail->causes[0].refusals, 9);
	assert_int_equal(teller->book.reasons[REASON_TIME_WAIT], 9);
}

/* Somebody set the clock: the incident goes on by the clock it began with. */
static void test_clock_step(void **state)
{
	struct written w = at(SECOND);
	struct story *s = refused(0);

	(void)state;
	w.realtime_ns += 3600 * SECOND;
	e->rec.hdr.boottime_ns = w.boottime_ns;
	e->realtime_ns = w.realtime_ns;
	assert_int_equal(story_refused(teller, e, &w), 0);
	assert_int_equal(s->last_ns, FIRST + SECOND);
	assert_int_equal(s->detail->ticks[1].at_ns, FIRST + SECOND);
}

/* However many refusals there are, the ticks are few, and none of the refusals is lost among them. */
static void test_many_ticks(void **state)
{
	struct story *s = refused(0);
	uint64_t i;

	(void)state;
	for (i = 1; i < 5000; i++)
		s = refused(i * i * MS / 8);
	assert_int_equal(s->refusals, 5000);
	assert_true(s->detail->n_ticks > STORY_TICKS / 3);
	assert_true(s->detail->n_ticks <= STORY_TICKS);
	assert_int_equal(counted(s), 5000);
	assert_int_equal(s->detail->ticks[0].from_ns, FIRST);
	assert_int_equal(s->detail->ticks[s->detail->n_ticks - 1].at_ns, s->last_ns);
}

/* What only the resolution counted has no reason, and is drawn after the last that is told of. */
static void test_untold(void **state)
{
	struct story *s = refused(0);

	(void)state;
	resolved(4 * SECOND, 6);
	assert_true(s->resolved);
	assert_int_equal(s->refusals, 6);
	assert_int_equal(teller->book.reasons[REASON_TIME_WAIT], 1);
	assert_int_equal(teller->book.no_reason, 5);
	assert_int_equal(s->detail->causes[0].refusals, 1);
	assert_int_equal(s->detail->n_ticks, 2);
	assert_int_equal(s->detail->ticks[1].from_ns, FIRST);
	assert_int_equal(s->detail->ticks[1].at_ns, FIRST + 4 * SECOND);
	assert_int_equal(s->detail->ticks[1].count, 5);
	assert_string_equal(s->winner, "winner[99]");
}

/* Lines before the first one given, or that a filter left out, have told of the others already. */
static void test_told_elsewhere(void **state)
{
	struct story *s = refused(0);

	(void)state;
	resolved_adds(SECOND, 100, 2);
	assert_int_equal(s->refusals, 3);
	assert_int_equal(teller->book.refusals, 3);
	assert_int_equal(teller->book.no_reason, 2);
}

/* Counted refusals of somebody whose line is not given: what another one was told is not their reason. */
static void test_folded_without_line(void **state)
{
	struct story *s = refused(0);

	(void)state;
	e->asker.pid++;
	folded(SECOND, 4, SECOND);
	assert_int_equal(s->refusals, 5);
	assert_int_equal(teller->book.reasons[REASON_TIME_WAIT], 1);
	assert_int_equal(teller->book.reasons[REASON_OTHER], 0);
	assert_int_equal(teller->book.no_reason, 4);
	assert_int_equal(s->detail->more_causes, 4);
}

/* Of connect(), whose range may be exhausted towards one peer only; what counts refusals does not tell peers apart. */
static void test_peers(void **state)
{
	struct story *s;
	char asked[128];
	struct text t;

	(void)state;
	e->rec.operation = BT_OP_CONNECT;
	e->rec.sock.peer_port = 443;
	memcpy(e->rec.sock.peer, (const uint8_t[]){ 10, 0, 0, 1 }, 4);
	refused(0);
	s = refused(SECOND);
	text_init(&t, asked, sizeof(asked));
	words_asked(&t, s);
	assert_non_null(strstr(asked, " -> 10.0.0.1:443"));
	assert_null(strstr(asked, "others"));
	e->rec.sock.peer[3]++;
	s = refused(2 * SECOND);
	text_init(&t, asked, sizeof(asked));
	words_asked(&t, s);
	assert_non_null(strstr(asked, " -> 10.0.0.1:443 and others"));
	assert_int_equal(teller->book.n, 1);
}

/* A line that adds nothing is no refusal: it gets no row. */
static void test_nothing_added(void **state)
{
	struct story *s = refused(0);

	(void)state;
	folded(SECOND, 0, SECOND);
	resolved(2 * SECOND, 1);
	assert_int_equal(s->refusals, 1);
	assert_int_equal(s->detail->n_ticks, 1);
	assert_int_equal(s->detail->more_causes, 0);
}

/* Another reason is another cause; counted refusals belong to that of their own kind. */
static void test_causes(void **state)
{
	uint32_t first = e->asker.pid;
	struct story *s = refused(0);

	(void)state;
	e->verdict.reason = REASON_LISTENER;
	strcpy(e->verdict.summary, "another socket listens there");
	e->asker.pid = first + 1;
	s = refused(SECOND);
	e->asker.pid = first;
	folded(2 * SECOND, 3, SECOND);
	assert_int_equal(s->detail->n_causes, 2);
	assert_int_equal(s->detail->causes[0].refusals, 4);
	assert_int_equal(s->detail->causes[1].refusals, 1);
	assert_string_equal(s->detail->causes[1].text, "another socket listens there");
	assert_int_equal(teller->book.reasons[REASON_LISTENER], 1);
}

static void look(unsigned walk, unsigned total, uint64_t cookie)
{
	e->rec.walk = (uint16_t)walk;
	e->rec.n_holders = 1;
	e->rec.totals.total = total;
	e->rec.holders[0].sock.cookie = cookie;
}

/* A holder is gone when a whole look at the port does not find it, and not when the look was not whole. */
static void test_gone(void **state)
{
	struct story *s;

	(void)state;
	look(BT_WALK_DONE, 1, 11);
	s = refused(0);
	look(BT_WALK_DONE | BT_WALK_TRUNCATED, 1, 12);
	refused(SECOND);
	look(BT_WALK_DONE, 2, 12);
	refused(2 * SECOND);
	assert_int_equal(s->detail->n_bars, 2);
	assert_int_equal(s->detail->bars[0].gone_ns, 0);
	look(BT_WALK_DONE, 1, 12);
	refused(3 * SECOND);
	assert_int_equal(s->detail->bars[0].gone_ns, FIRST + 3 * SECOND);
	assert_int_equal(s->detail->bars[0].last_ns, FIRST);
	assert_int_equal(s->detail->bars[1].gone_ns, 0);
	/* it was not, after all */
	look(BT_WALK_DONE, 1, 11);
	refused(4 * SECOND);
	assert_int_equal(s->detail->bars[0].gone_ns, 0);
	assert_int_equal(s->detail->bars[1].gone_ns, FIRST + 4 * SECOND);
}

/* More sockets than there is room for: the one that decides is drawn. */
static void test_many_bars(void **state)
{
	struct story *s;

	(void)state;
	for (uint64_t i = 0; i < STORY_BARS; i++) {
		e->verdict.decisive = -1;
		e->holders[0].pair.blocks = true;
		look(0, 0, 100 + i);
		s = refused(i * SECOND);
	}
	assert_int_equal(s->detail->n_bars, STORY_BARS);
	assert_int_equal(s->detail->more_bars, 0);
	e->verdict.decisive = 0;
	look(0, 0, 500);
	refused(60 * SECOND);
	assert_int_equal(s->detail->more_bars, 1);
	assert_int_equal(s->detail->bars[STORY_BARS - 1].sock.cookie, 500);
}

/* Of very many incidents only the first have a picture; all are counted. */
static void test_many_stories(void **state)
{
	(void)state;
	for (unsigned i = 0; i < STORY_DETAILS + 20; i++) {
		e->rec.sock.port = (uint16_t)(1000 + i);
		refused(i * SECOND);
	}
	assert_int_equal(teller->book.n, STORY_DETAILS + 20);
	assert_non_null(teller->book.stories[STORY_DETAILS - 1].detail);
	assert_null(teller->book.stories[STORY_DETAILS].detail);
	assert_int_equal(teller->book.refusals, STORY_DETAILS + 20);
}

static void test_origins(void **state)
{
	const struct story_origin from = { .kernel = "6.1.0", .version = "0.1.0" };
	const struct coverage c = { .hook = BT_HOOK_FEXIT };
	struct written w = at(SECOND);

	(void)state;
	story_line(teller, &w);
	story_header(teller, &w, &from, &c);
	w = at(9 * SECOND);
	story_line(teller, &w);
	w.host = "web2";
	story_line(teller, &w);
	assert_int_equal(teller->book.n_origins, 2);
	assert_string_equal(teller->book.origins[0].kernel, "6.1.0");
	assert_int_equal(teller->book.origins[0].first_ns, FIRST + SECOND);
	assert_int_equal(teller->book.origins[0].last_ns, FIRST + 9 * SECOND);
	assert_string_equal(teller->book.origins[1].host, "web2");
	assert_int_equal(teller->book.origins[1].recordings, 0);
}

/* Of very many hosts the first are listed, and the title does not say that these are all. */
static void test_many_origins(void **state)
{
	struct written w = at(0);
	char host[16], title[128];
	struct text t;

	(void)state;
	w.host = host;
	for (int i = 0; i <= STORY_ORIGINS; i++) {
		assert_false(teller->book.more_origins);
		snprintf(host, sizeof(host), "web%d", i);
		story_line(teller, &w);
	}
	assert_true(teller->book.more_origins);
	text_init(&t, title, sizeof(title));
	document_title(&t, &teller->book);
	assert_string_equal(title, "Refused binds on more than 64 hosts");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_one),
		TEST(test_goes_on),
		TEST(test_clock_step),
		TEST(test_many_ticks),
		TEST(test_untold),
		TEST(test_nothing_added),
		TEST(test_causes),
		TEST(test_gone),
		TEST(test_many_bars),
		TEST(test_many_stories),
		TEST(test_origins),
		TEST(test_told_elsewhere),
		TEST(test_folded_without_line),
		TEST(test_peers),
		TEST(test_many_origins),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
