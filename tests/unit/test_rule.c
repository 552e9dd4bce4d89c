// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The kernel's rule, by the tables of net/ipv4/inet_connection_sock.c, and the timer wheel. */
#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "model/pair.h"

/* "6:addr" or "4:addr", then letters: a SO_REUSEADDR, p SO_REUSEPORT, v IPV6_V6ONLY, g grouped */
static struct bt_sock sock(const char *address, const char *options, unsigned state)
{
	static uint64_t next = 1;
	struct bt_sock s = { .sk = next++, .state = (uint8_t)state };

	s.family = address[0] == '4' ? AF_INET : AF_INET6;
	assert_int_equal(inet_pton(s.family, address + 2, s.addr), 1);
	s.reuse = !!strchr(options, 'a');
	s.reuseport = !!strchr(options, 'p');
	s.v6only = !!strchr(options, 'v');
	s.flags = strchr(options, 'g') ? BT_SOCK_GROUPED : 0;
	if (state == BT_TCP_TIME_WAIT)
		s.flags |= BT_SOCK_MINI;
	return s;
}

static void reuse_table(void **state)
{
	static const struct {
		const char *new, *holder;
		unsigned state;
		unsigned holder_uid;
		bool blocks;
		unsigned reuseaddr, reuseport;
	} rows[] = {
		{ "", "", 10, 0, true, BT_REUSEADDR_BOTH_LACK, BT_REUSEPORT_BOTH_LACK },
		{ "a", "a", 7, 0, false, BT_REUSEADDR_OK, BT_REUSEPORT_BOTH_LACK },
		{ "a", "a", 1, 0, false, BT_REUSEADDR_OK, BT_REUSEPORT_BOTH_LACK },
		{ "a", "a", 6, 0, false, BT_REUSEADDR_OK, BT_REUSEPORT_BOTH_LACK },
		{ "a", "a", 10, 0, true, BT_REUSEADDR_HOLDER_LISTENS, BT_REUSEPORT_BOTH_LACK },
		{ "ap", "ap", 10, 0, false, BT_REUSEADDR_HOLDER_LISTENS, BT_REUSEPORT_OK },
		{ "ap", "ap", 10, 1, true, BT_REUSEADDR_HOLDER_LISTENS, BT_REUSEPORT_UID_DIFFERS },
		{ "a", "", 6, 0, true, BT_REUSEADDR_HOLDER_LACKS, BT_REUSEPORT_BOTH_LACK },
		{ "", "a", 6, 0, true, BT_REUSEADDR_NEW_LACKS, BT_REUSEPORT_BOTH_LACK },
		{ "p", "a", 6, 0, true, BT_REUSEADDR_NEW_LACKS, BT_REUSEPORT_HOLDER_LACKS },
		{ "p", "p", 6, 1, false, BT_REUSEADDR_BOTH_LACK, BT_REUSEPORT_OK },
		{ "p", "p", 1, 1, true, BT_REUSEADDR_BOTH_LACK, BT_REUSEPORT_UID_DIFFERS },
		{ "p", "", 7, 0, true, BT_REUSEADDR_BOTH_LACK, BT_REUSEPORT_HOLDER_LACKS },
		{ "", "p", 7, 0, true, BT_REUSEADDR_BOTH_LACK, BT_REUSEPORT_NEW_LACKS },
		{ "pg", "p", 7, 0, true, BT_REUSEADDR_BOTH_LACK, BT_REUSEPORT_NEW_GROUPED },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct bt_sock s = sock("4:127.0.0.1", rows[i].new, 7);
		struct bt_sock t = sock("4:127.0.0.1", rows[i].holder, rows[i].state);
		struct bt_pair p;

		t.uid = rows[i].holder_uid;
		p = bt_tcp_pair(&s, &t, 0);
		if (p.blocks != rows[i].blocks || p.reuseaddr != rows[i].reuseaddr ||
		    p.reuseport != rows[i].reuseport)
			fail_msg("row %zu: blocks %d reuseaddr %d reuseport %d", i, p.blocks,
				 p.reuseaddr, p.reuseport);
	}
}

static void overlap_table(void **state)
{
	static const struct {
		const char *new, *new_options, *holder, *holder_options;
		unsigned rule, overlap;
	} rows[] = {
		{ "4:127.0.0.1", "", "4:127.0.0.1", "", 0, BT_OVERLAP_SAME_ADDRESS },
		{ "4:127.0.0.1", "", "4:127.0.0.2", "", 0, BT_OVERLAP_NONE },
		{ "4:0.0.0.0", "", "4:127.0.0.2", "", 0, BT_OVERLAP_NEW_WILDCARD },
		{ "4:127.0.0.2", "", "4:0.0.0.0", "", 0, BT_OVERLAP_HOLDER_WILDCARD },
		{ "4:0.0.0.0", "", "4:0.0.0.0", "", 0, BT_OVERLAP_BOTH_WILDCARD },
		{ "6:::", "", "4:127.0.0.1", "", 0, BT_OVERLAP_DUAL_STACK },
		{ "6:::", "v", "4:127.0.0.1", "", 0, BT_OVERLAP_NONE },
		{ "6:::1", "", "4:0.0.0.0", "", 0, BT_OVERLAP_NONE },
		{ "6:::1", "", "6:::", "", 0, BT_OVERLAP_HOLDER_WILDCARD },
		{ "6:::1", "", "6:::", "v", 0, BT_OVERLAP_HOLDER_WILDCARD },
		{ "6:::", "v", "6:::1", "", 0, BT_OVERLAP_NEW_WILDCARD },
		{ "6:::", "", "6:::", "v", 0, BT_OVERLAP_BOTH_WILDCARD },
		{ "4:0.0.0.0", "", "6:::", "", 0, BT_OVERLAP_DUAL_STACK },
		{ "4:0.0.0.0", "", "6:::", "v", 0, BT_OVERLAP_NONE },
		{ "4:127.0.0.1", "", "6:::", "", BT_RULE_BHASH2, BT_OVERLAP_DUAL_STACK },
		{ "4:127.0.0.1", "", "6:::ffff:127.0.0.1", "", 0, BT_OVERLAP_SAME_ADDRESS },
		{ "6:::ffff:127.0.0.1", "", "4:127.0.0.1", "", 0, BT_OVERLAP_SAME_ADDRESS },
		{ "6:::ffff:127.0.0.1", "", "6:::", "v", 0, BT_OVERLAP_NONE },
		/* inet_rcv_saddr of an IPv6-only child is 127.0.0.6: every kernel meets it from 0.0.0.0 */
		{ "4:0.0.0.0", "", "6:::1", "", BT_RULE_BHASH2, BT_OVERLAP_NEW_WILDCARD },
		/* ... and only those without an address-keyed table from 127.0.0.6 itself */
		{ "4:127.0.0.6", "", "6:::1", "", 0, BT_OVERLAP_SAME_ADDRESS },
		{ "4:127.0.0.6", "", "6:::1", "", BT_RULE_BHASH2, BT_OVERLAP_NONE },
		/* 6.1 does not look for the mapped wildcard */
		{ "6:::ffff:1.2.3.4", "", "6:::ffff:0.0.0.0", "", BT_RULE_BHASH2,
		  BT_OVERLAP_HOLDER_WILDCARD },
		{ "6:::ffff:1.2.3.4", "", "6:::ffff:0.0.0.0", "",
		  BT_RULE_BHASH2 | BT_RULE_MAPPED_BLIND, BT_OVERLAP_NONE },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct bt_sock s = sock(rows[i].new, rows[i].new_options, 7);
		struct bt_sock t = sock(rows[i].holder, rows[i].holder_options, 10);
		unsigned overlap = (unsigned)bt_overlap(&s, &t, rows[i].rule);

		if (overlap != rows[i].overlap)
			fail_msg("row %zu, %s against %s: %u, not %u", i, rows[i].new,
				 rows[i].holder, overlap, rows[i].overlap);
		assert_int_equal(bt_tcp_pair(&s, &t, rows[i].rule).blocks, overlap != 0);
	}
}

static void devices(void **state)
{
	struct bt_sock s = sock("4:0.0.0.0", "", 7), t = sock("4:0.0.0.0", "", 10);

	(void)state;
	s.ifindex = 1;
	assert_true(bt_tcp_pair(&s, &t, 0).blocks);
	t.ifindex = 1;
	assert_true(bt_tcp_pair(&s, &t, 0).blocks);
	t.ifindex = 2;
	assert_false(bt_tcp_pair(&s, &t, 0).blocks);
	assert_true(bt_tcp_pair(&s, &t, 0).other_device);
}

static void never_itself(void **state)
{
	struct bt_sock s = sock("4:0.0.0.0", "", 7), t = s;

	(void)state;
	assert_false(bt_tcp_pair(&s, &t, 0).blocks);
}

/* SK_FORCE_REUSE (TCP_REPAIR) skips the check of the kernel altogether */
static void forced_reuse(void **state)
{
	struct bt_sock s = sock("4:0.0.0.0", "", 7), t = sock("4:0.0.0.0", "", 10);

	(void)state;
	s.reuse = 2;
	assert_false(bt_tcp_pair(&s, &t, 0).blocks);
}

/* udp_lib_lport_inuse(): no state counts, SO_REUSEADDR on both is enough, the other way is SO_REUSEPORT */
static void udp_table(void **state)
{
	static const struct {
		const char *new, *holder;
		unsigned holder_uid;
		bool blocks;
	} rows[] = {
		{ "", "", 0, true },	  { "a", "", 0, true },	   { "", "a", 0, true },
		{ "a", "a", 0, false },	  { "a", "a", 1, false },  { "p", "p", 0, false },
		{ "p", "p", 1, true },	  { "p", "", 0, true },	   { "", "p", 0, true },
		{ "a", "p", 0, true },	  { "p", "a", 0, true },   { "ap", "p", 0, false },
		{ "ap", "p", 1, true },	  { "ap", "a", 1, false }, { "pg", "p", 0, true },
		{ "ap", "ap", 1, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct bt_sock s = sock("4:127.0.0.1", rows[i].new, 7);
		struct bt_sock t = sock("4:0.0.0.0", rows[i].holder, i % 2 ? 7 : 1);

		s.protocol = t.protocol = BT_IPPROTO_UDP;
		t.uid = rows[i].holder_uid;
		if (bt_pair_of(&s, &t, BT_RULE_BHASH2).blocks != rows[i].blocks)
			fail_msg("row %zu: '%s' against '%s' of uid %u", i, rows[i].new,
				 rows[i].holder, rows[i].holder_uid);
	}
}

/* calc_index(): level 0 is exact to the jiffy after, each further level eight times as coarse */
static void timer_wheel(void **state)
{
	static const struct {
		uint64_t expires;
		unsigned index; /* LVL_OFFS(level) + slot */
		uint64_t runs;
	} rows[] = {
		{ 1000, 0, 1001 },
		{ 1000, 63, 1001 },
		{ 1000, 64, 1008 },
		{ 1007, 64 + 63, 1008 },
		{ 1008, 64, 1016 },
		{ 15000, 3 * 64, 15360 },
		{ 15360, 3 * 64 + 1, 15872 },
		{ UINT64_C(4294952296), 3 * 64, UINT64_C(4294952448) },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		assert_int_equal(bt_wheel_jiffy(rows[i].expires, rows[i].index << 22),
				 rows[i].runs);
	/* the lower bits of timer->flags are the CPU and mode bits: they do not matter */
	assert_int_equal(bt_wheel_jiffy(1000, (64u << 22) | 0x3fffff), 1008);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reuse_table),	cmocka_unit_test(overlap_table),
		cmocka_unit_test(devices),	cmocka_unit_test(never_itself),
		cmocka_unit_test(forced_reuse), cmocka_unit_test(timer_wheel),
		cmocka_unit_test(udp_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
