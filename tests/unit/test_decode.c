// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* From bytes to an event: what is not a record is refused, what is one loses nothing. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "source/decode.h"

static const uint32_t head = offsetof(struct bt_record, holders);
static struct bt_record record;
static struct event event;

static uint32_t make_record(unsigned holders)
{
	memset(&record, 0, sizeof(record));
	record.hdr.kind = BT_KIND_REFUSAL;
	record.hdr.version = BT_ABI_VERSION;
	record.hdr.boottime_ns = 5000;
	record.n_holders = (uint16_t)holders;
	record.task.pid = 4242;
	record.task.start_ns = 1000;
	memcpy(record.task.comm, "sixteen_bytes_xx", BT_COMM_LEN);
	memcpy(record.cmdline, "python3\0app.py\0", 15);
	record.cmdline_len = 15;
	return head + holders * (uint32_t)sizeof(struct bt_holder);
}

static void whole_record(void **state)
{
	uint32_t len = make_record(1);

	(void)state;
	record.holders[0].closer.pid = 7;
	record.holders[0].closer.cmdline_len = 60000; /* hostile: longer than the field */
	memset(record.holders[0].closer.cmdline, 'x', sizeof(record.holders[0].closer.cmdline));
	assert_int_equal(decode_record(&event, &record, len), 0);
	assert_int_equal(event.asker.pid, 4242);
	assert_string_equal(event.asker.comm, "sixteen_bytes_xx");
	assert_int_equal(event.asker.cmdline_len, 14);
	assert_memory_equal(event.asker.cmdline, "python3\0app.py", 14);
	assert_int_equal(event.holders[0].closer.pid, 7);
	assert_int_equal(event.holders[0].closer.cmdline_len, BT_OWNER_CMDLINE_LEN);
	assert_int_equal(event.holders[0].opener.pid, 0);
	assert_int_equal(event.asker.alive, -1);
	assert_true(event.realtime_ns > 0);
	assert_false(event.sharers_known);
}

static void an_empty_last_argument(void **state)
{
	uint32_t len = make_record(1);

	(void)state;
	memcpy(record.cmdline, "prog\0\0", 6);
	record.cmdline_len = 6;
	memcpy(record.holders[0].opener.cmdline, "a title\0\0\0", 10);
	record.holders[0].opener.cmdline_len = 10;
	assert_int_equal(decode_record(&event, &record, len), 0);
	assert_int_equal(event.asker.cmdline_len, 5);
	assert_memory_equal(event.asker.cmdline, "prog\0", 5);
	assert_int_equal(event.holders[0].opener.cmdline_len, 7);
}

static void not_a_record(void **state)
{
	uint32_t len = make_record(2);

	(void)state;
	assert_int_equal(decode_record(&event, &record, len), 0);
	assert_int_equal(decode_record(&event, &record, len - 1), -EBADMSG);
	assert_int_equal(decode_record(&event, &record, head - 1), -EBADMSG);
	record.n_holders = BT_MAX_HOLDERS + 1;
	assert_int_equal(decode_record(&event, &record, sizeof(record)), -EBADMSG);
	make_record(0);
	record.hdr.version++;
	assert_int_equal(decode_record(&event, &record, head), -EBADMSG);
	make_record(0);
	record.hdr.kind = 99;
	assert_int_equal(decode_record(&event, &record, head), -EBADMSG);
}

static struct bt_sharer sharer(uint64_t inode, uint32_t pid, uint32_t fd, uint64_t start_ns)
{
	return (struct bt_sharer){ .inode = inode,
				   .sk = inode,
				   .pid = pid,
				   .fd = fd,
				   .start_ns = start_ns,
				   .comm = "worker" };
}

static void sharers(void **state)
{
	const struct bt_sharer found[] = {
		sharer(11, 30, 5, 300),
		sharer(11, 20, 9, 200),
		sharer(11, 30, 4, 300),
		sharer(12, 40, 3, 400),
		{ .inode = 11, .sk = 99, .pid = 50, .fd = 3 },
	};

	(void)state;
	make_record(3);
	record.holders[0].sock.inode = record.holders[0].sock.sk = 11;
	record.holders[1].sock.inode = 0; /* a mini-socket: nobody has it */
	record.holders[2].sock.inode = record.holders[2].sock.sk = 12;
	record.holders[0].opener = (struct bt_owner){ .pid = 20, .start_ns = 200, .time_ns = 1 };
	assert_int_equal(decode_record(&event, &record, sizeof(record)), 0);
	decode_sharers(&event, found, 5);
	assert_true(event.sharers_known);
	/* one of each process, the oldest first, the lowest descriptor; another socket's owner is not one */
	assert_int_equal(event.holders[0].n_processes, 2);
	assert_int_equal(event.processes[0].pid, 20);
	assert_int_equal(event.processes[0].inherited, 0);
	assert_int_equal(event.processes[1].pid, 30);
	assert_int_equal(event.processes[1].fd, 4);
	assert_int_equal(event.processes[1].inherited, 1);
	assert_int_equal(event.holders[1].n_processes, 0);
	assert_int_equal(event.holders[2].n_processes, 1);
	assert_int_equal(event.processes[event.holders[2].first_process].pid, 40);
	/* its opener is not known: then whether it inherited the socket is not known either */
	assert_int_equal(event.processes[event.holders[2].first_process].inherited, -1);
}

static void too_many_sharers(void **state)
{
	struct bt_sharer crowd[EVENT_MAX_PROCESSES + 10];
	unsigned i;

	(void)state;
	make_record(1);
	record.holders[0].sock.inode = record.holders[0].sock.sk = 11;
	for (i = 0; i < EVENT_MAX_PROCESSES + 10; i++)
		crowd[i] = sharer(11, 1000 + i, 3, i);
	assert_int_equal(decode_record(&event, &record, sizeof(record)), 0);
	decode_sharers(&event, crowd, EVENT_MAX_PROCESSES + 10);
	assert_int_equal(event.holders[0].n_processes, EVENT_MAX_PROCESSES);
	assert_int_equal(event.holders[0].more_processes, 10);
}

/* 10 is older, but was handed the socket; 30 has forked 40 and 50 */
static void the_master_comes_first(void **state)
{
	static const uint32_t order[] = { 30, 10, 20, 40, 50 };
	struct bt_sharer found[] = {
		sharer(11, 50, 5, 500), sharer(11, 10, 3, 100), sharer(11, 40, 5, 400),
		sharer(11, 30, 5, 300), sharer(11, 20, 3, 200),
	};

	(void)state;
	make_record(1);
	record.holders[0].sock.inode = record.holders[0].sock.sk = 11;
	found[0].ppid = found[2].ppid = 30;
	found[3].ppid = 1;
	assert_int_equal(decode_record(&event, &record, sizeof(record)), 0);
	decode_sharers(&event, found, 5);
	for (unsigned i = 0; i < 5; i++)
		assert_int_equal(event.processes[i].pid, order[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole_record),
		cmocka_unit_test(an_empty_last_argument),
		cmocka_unit_test(not_a_record),
		cmocka_unit_test(sharers),
		cmocka_unit_test(the_master_comes_first),
		cmocka_unit_test(too_many_sharers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
