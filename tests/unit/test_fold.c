// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Equal refusals are told once, and none is forgotten. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cmd/fold.h"

#define SECOND 1000000000ull

static struct fold_table *table;
static struct event event;
static uint64_t first_ns; /* since when the kernel side counts */

static int setup(void **state)
{
	(void)state;
	table = calloc(1, sizeof(*table));
	first_ns = 1;
	memset(&event, 0, sizeof(event));
	event.rec.kind.pid = 4242;
	event.rec.kind.port = 8000;
	event.rec.n_holders = 1;
	event.rec.holders[0].sock.cookie = 77;
	event.verdict.reason = REASON_LISTENER;
	return !table;
}

static int teardown(void **state)
{
	(void)state;
	free(table);
	return 0;
}

/* The nth refusal of this kind, at a time. */
static enum fold_answer refuse(uint64_t nth, uint64_t ns, struct fold_entry **entry)
{
	event.rec.nth = nth;
	event.rec.hdr.boottime_ns = ns;
	event.rec.first_ns = first_ns;
	return fold_event(table, &event, fold_face(&event), entry);
}

/* The same, as far as its record alone tells. */
static struct fold_entry *told(uint64_t ns)
{
	event.rec.hdr.boottime_ns = ns;
	return fold_told(table, &event.rec, fold_face(&event));
}

static void tell(struct fold_entry *f)
{
	f->told = f->seen;
	f->told_ns = event.rec.hdr.boottime_ns;
}

static void again_after_a_while(void **state)
{
	struct fold_entry *f;

	(void)state;
	assert_int_equal(refuse(1, 10 * SECOND, &f), FOLD_NEW);
	tell(f);
	assert_int_equal(event.repeat.incident, 1);
	assert_int_equal(refuse(5, 10 * SECOND + SECOND / 2, &f), FOLD_SILENT);
	assert_int_equal(f->seen - f->told, 4);
	assert_int_equal(refuse(9, 11 * SECOND, &f), FOLD_AGAIN);
	tell(f);
	assert_int_equal(event.repeat.count, 9);
	assert_int_equal(event.repeat.incident, 1);
	/* twice as long from now on */
	assert_int_equal(refuse(10, 12 * SECOND, &f), FOLD_SILENT);
	assert_int_equal(refuse(11, 13 * SECOND, &f), FOLD_AGAIN);
}

static void another_culprit(void **state)
{
	struct fold_entry *f;

	(void)state;
	assert_int_equal(refuse(1, SECOND, &f), FOLD_NEW);
	tell(f);
	event.rec.holders[0].sock.cookie = 78;
	assert_int_equal(refuse(2, SECOND + 1, &f), FOLD_NEW);
	assert_int_equal(event.repeat.incident, 2);
	event.verdict.reason = REASON_BOUND_NOT_LISTENING;
	assert_int_equal(refuse(3, SECOND + 2, &f), FOLD_NEW);
}

/* One TIME_WAIT after the other expires: to the reader they are one */
static void time_waits_are_one(void **state)
{
	struct fold_entry *f;

	(void)state;
	event.rec.holders[0].sock.flags = BT_SOCK_MINI;
	event.rec.holders[0].sock.substate = BT_TCP_TIME_WAIT;
	assert_int_equal(refuse(1, SECOND, &f), FOLD_NEW);
	tell(f);
	event.rec.holders[0].sock.cookie = 78;
	assert_int_equal(refuse(2, SECOND + 1, &f), FOLD_SILENT);
}

static void another_asker(void **state)
{
	struct fold_entry *f;

	(void)state;
	assert_int_equal(refuse(1, SECOND, &f), FOLD_NEW);
	tell(f);
	event.rec.kind.pid = 4243;
	assert_int_equal(refuse(1, SECOND, &f), FOLD_NEW);
	tell(f);
	event.rec.kind.port = 8001;
	assert_int_equal(refuse(1, SECOND, &f), FOLD_NEW);
}

/* The kernel side forgets the least recent: then it counts from one again, and nothing may underflow */
static void forgotten_below(void **state)
{
	struct fold_entry *f;

	(void)state;
	assert_int_equal(refuse(1000, SECOND, &f), FOLD_NEW);
	tell(f);
	first_ns = 2;
	assert_int_equal(refuse(2, SECOND + 1, &f), FOLD_SILENT);
	assert_int_equal(f->seen - f->told, 2);
	assert_true(f->accounted <= f->seen);
}

/* The kernel side's count was looked up before the record that it includes came: nothing is counted twice */
static void count_ahead_of_record(void **state)
{
	struct fold_entry *f;

	(void)state;
	assert_int_equal(refuse(1, SECOND, &f), FOLD_NEW);
	tell(f);
	f->seen = f->told = 9;
	f->told_ns = f->last_ns = 3 * SECOND;
	assert_int_equal(refuse(8, 2 * SECOND, &f), FOLD_SILENT);
	assert_int_equal(f->seen - f->told, 0);
	assert_true(f->last_ns == 3 * SECOND);
	assert_int_equal(refuse(12, 4 * SECOND, &f), FOLD_AGAIN);
	assert_int_equal(f->seen - f->told, 3);
}

/* As many kinds as fit, from pid 1 on, a nanosecond after each other. */
static void fill(void)
{
	struct fold_entry *f;

	for (unsigned i = 1; i <= FOLD_ENTRIES; i++) {
		event.rec.kind.pid = first_ns = i;
		assert_null(fold_in_the_way(table, &event.rec.kind));
		assert_int_equal(refuse(1, i, &f), FOLD_NEW);
		tell(f);
	}
}

/* A new kind takes the place of the one not heard of for longest; all the others stay known. */
static void full_table(void **state)
{
	struct fold_entry *f, *oldest;

	(void)state;
	fill();
	event.rec.kind.pid = first_ns = 1;
	assert_null(fold_in_the_way(table, &event.rec.kind));
	assert_int_equal(refuse(2, FOLD_ENTRIES + 1, &f), FOLD_SILENT);
	for (unsigned i = 2; i <= FOLD_ENTRIES; i++) {
		event.rec.kind.pid = first_ns = FOLD_ENTRIES + i;
		oldest = fold_in_the_way(table, &event.rec.kind);
		assert_non_null(oldest);
		assert_int_equal(oldest->of.key.pid, i);
		assert_int_equal(refuse(1, FOLD_ENTRIES + i, &f), FOLD_NEW);
		assert_ptr_equal(f, oldest);
		assert_int_equal(f->seen - f->told, 1);
		tell(f);
		assert_int_equal(refuse(2, FOLD_ENTRIES + i, &f), FOLD_SILENT);
	}
	event.rec.kind.pid = first_ns = 1;
	assert_int_equal(refuse(3, 2 * FOLD_ENTRIES + 1, &f), FOLD_SILENT);
}

/* What was told of a kind before it was forgotten is not told again when it comes back. */
static void forgotten_and_back(void **state)
{
	struct fold_entry *f;

	(void)state;
	fill();
	event.rec.kind.pid = first_ns = FOLD_ENTRIES + 1;
	refuse(1, FOLD_ENTRIES + 1, &f);
	event.rec.kind.pid = first_ns = 1;
	assert_int_equal(refuse(8, FOLD_ENTRIES + 2, &f), FOLD_NEW);
	assert_int_equal(event.repeat.count, 8);
	assert_int_equal(f->seen - f->told, 1);
	assert_int_equal(f->seen - f->accounted, 1);
	assert_int_equal(fold_end(f), 1);
}

/* What is known without a look to be told already is counted as it would be after one. */
static void counted_alone(void **state)
{
	struct fold_entry *f;

	(void)state;
	assert_null(told(SECOND));
	assert_int_equal(refuse(1, SECOND, &f), FOLD_NEW);
	tell(f);
	assert_ptr_equal(told(2 * SECOND - 1), f);
	assert_null(told(2 * SECOND)); /* time to say that it goes on */
	event.rec.nth = 7;
	event.rec.hdr.boottime_ns = SECOND + 5;
	event.repeat.incident = event.repeat.count = 0;
	fold_count(table, f, &event);
	assert_int_equal(event.repeat.incident, 1);
	assert_int_equal(event.repeat.count, 7);
	assert_int_equal(f->seen - f->told, 6);
	assert_true(f->last_ns == SECOND + 5);
	assert_int_equal(fold_end(f), 7);
	assert_null(told(SECOND + 6)); /* another story */
}

/* A face that differs from that of the record last looked into may be another story, also where the look decided. */
static void another_face(void **state)
{
	struct fold_face alone;
	struct fold_entry *f;

	(void)state;
	event.rec.n_holders = 0;
	event.verdict.decisive = -1;
	event.verdict.reason = REASON_OTHER;
	alone = fold_face(&event);
	event.rec.n_holders = 1; /* what the look adds */
	event.verdict.decisive = 0;
	event.verdict.reason = REASON_UNIX_PATH_LIVE;
	event.rec.hdr.boottime_ns = SECOND;
	assert_int_equal(fold_event(table, &event, alone, &f), FOLD_NEW);
	tell(f);
	assert_null(fold_told(table, &event.rec, fold_face(&event)));
	assert_ptr_equal(fold_told(table, &event.rec, alone), f);
	alone.reason = REASON_LSM_DENIED;
	assert_null(fold_told(table, &event.rec, alone));
	assert_int_equal(fold_event(table, &event, alone, &f), FOLD_SILENT);
	assert_ptr_equal(fold_told(table, &event.rec, alone), f);
}

/* Counting makes a kind the newest: it is not the one that has to make room. */
static void counted_stays(void **state)
{
	struct fold_entry *f;

	(void)state;
	fill();
	event.rec.kind.pid = 1;
	f = told(SECOND / 2);
	assert_non_null(f);
	fold_count(table, f, &event);
	event.rec.kind.pid = FOLD_ENTRIES + 1;
	f = fold_in_the_way(table, &event.rec.kind);
	assert_int_equal(f->of.key.pid, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(again_after_a_while, setup, teardown),
		cmocka_unit_test_setup_teardown(another_culprit, setup, teardown),
		cmocka_unit_test_setup_teardown(time_waits_are_one, setup, teardown),
		cmocka_unit_test_setup_teardown(another_asker, setup, teardown),
		cmocka_unit_test_setup_teardown(forgotten_below, setup, teardown),
		cmocka_unit_test_setup_teardown(count_ahead_of_record, setup, teardown),
		cmocka_unit_test_setup_teardown(full_table, setup, teardown),
		cmocka_unit_test_setup_teardown(forgotten_and_back, setup, teardown),
		cmocka_unit_test_setup_teardown(counted_alone, setup, teardown),
		cmocka_unit_test_setup_teardown(another_face, setup, teardown),
		cmocka_unit_test_setup_teardown(counted_stays, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
