// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* SCTP, ping and raw sockets: holders out of rows of open files, and what is said of them. */
#include <arpa/inet.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "enrich/untabled.h"
#include "enrich/sctp.h"
#include "verdict/verdict.h"

enum { OURS = 4026531840u, OTHER = 4026532001u, ASKER = 1, PORT = 5000, NOW = 1000 };

static struct event e;
static struct untabled files;

static void refusal(uint16_t protocol, int error, const char *ip)
{
	bool six = strchr(ip, ':');

	memset(&e, 0, sizeof(e));
	memset(&files, 0, sizeof(files));
	e.rec.hdr.boottime_ns = NOW;
	files.looked = true;
	e.rec.operation = BT_OP_BIND;
	e.rec.who = BT_WHO_PROTOCOL;
	e.rec.error = (uint16_t)error;
	e.rec.addr_len = six ? 28 : 16;
	e.rec.unprivileged_start = 1024;
	e.rec.task.netns = OURS;
	e.rec.sa_family = six ? AF_INET6 : AF_INET;
	e.rec.sock = (struct bt_sock){ .sk = ASKER,
				       .family = e.rec.sa_family,
				       .protocol = protocol,
				       .port = protocol == IPPROTO_RAW ? 0 : PORT,
				       .state = BT_TCP_CLOSE };
	assert_int_equal(inet_pton(e.rec.sock.family, ip, e.rec.sock.addr), 1);
}

static struct bt_open row(uint64_t sk, uint16_t protocol, const char *ip)
{
	struct bt_open o = { .netns = OURS, .pid = 10, .on_port = 1 };

	o.sock = (struct bt_sock){ .sk = sk,
				   .inode = 100 + sk,
				   .family = strchr(ip, ':') ? AF_INET6 : AF_INET,
				   .protocol = protocol,
				   .port = PORT,
				   .state = BT_TCP_CLOSE };
	assert_int_equal(inet_pton(o.sock.family, ip, o.sock.addr), 1);
	return o;
}

static void keep(struct bt_open open, uint64_t bound_ns)
{
	if (untabled_concern(&e.rec, &open))
		untabled_keep(&files, &open, bound_ns);
}

static void judge(enum bt_reason reason)
{
	untabled_add_holders(&e, &files);
	verdict_judge(&e);
	if (e.verdict.reason != reason)
		fail_msg("%s, not %s", reason_name(e.verdict.reason), reason_name(reason));
	assert_true(strlen(e.verdict.summary) > 10);
}

static const struct advice *advised(enum bt_action action)
{
	for (unsigned i = 0; i < e.verdict.n_advice; i++)
		if (e.verdict.advice[i].action == action)
			return &e.verdict.advice[i];
	return NULL;
}

static void only_what_concerns_it(void **state)
{
	struct bt_open other_port = row(2, IPPROTO_SCTP, "127.0.0.1"),
		       other_protocol = row(3, IPPROTO_TCP, "127.0.0.1"),
		       elsewhere = row(4, IPPROTO_SCTP, "127.0.0.1");

	(void)state;
	refusal(IPPROTO_SCTP, EADDRINUSE, "127.0.0.1");
	other_port.sock.port++;
	elsewhere.netns = OTHER;
	assert_false(untabled_concern(&e.rec, &other_port));
	assert_false(untabled_concern(&e.rec, &other_protocol));
	assert_false(untabled_concern(&e.rec, &elsewhere));
	/* nor where no port is meant, or somebody else said no */
	e.rec.who = BT_WHO_LSM;
	assert_false(untabled_needed(&e.rec));
	refusal(IPPROTO_SCTP, EADDRNOTAVAIL, "127.0.0.1");
	assert_false(untabled_needed(&e.rec));
	refusal(IPPROTO_TCP, EADDRINUSE, "127.0.0.1");
	assert_false(untabled_needed(&e.rec));
}

/* A prefork server has one socket open in many processes, on two addresses. */
static void each_address_once(void **state)
{
	(void)state;
	refusal(IPPROTO_SCTP, EADDRINUSE, "127.0.0.2");
	for (int i = 0; i < 3; i++) {
		keep(row(2, IPPROTO_SCTP, "127.0.0.1"), 0);
		keep(row(2, IPPROTO_SCTP, "127.0.0.2"), 0);
	}
	assert_int_equal(files.n, 2);
	judge(REASON_BOUND_NOT_LISTENING);
	assert_int_equal(e.rec.n_holders, 1);
	assert_int_equal(e.rec.holders[0].sock.addr[3], 2); /* the one in the way */
	assert_int_equal(e.holders[0].more_addresses, 1);
	assert_int_equal(e.rec.totals.total, 1);
	assert_int_equal(e.verdict.culprit, 0);
	assert_int_equal(e.rec.walk, BT_WALK_DONE);
	assert_true(e.holders_from_files);
}

static void bound_since(void **state)
{
	(void)state;
	refusal(IPPROTO_SCTP, EADDRINUSE, "127.0.0.1");
	keep(row(2, IPPROTO_SCTP, "127.0.0.1"), NOW + 1);
	judge(REASON_HOLDER_GONE);
	assert_int_equal(e.rec.n_holders, 0);
	refusal(IPPROTO_SCTP, EADDRINUSE, "127.0.0.1");
	keep(row(2, IPPROTO_SCTP, "127.0.0.1"), NOW - 1);
	judge(REASON_BOUND_NOT_LISTENING);
	/* of ping sockets nobody knows how many there were */
	refusal(IPPROTO_ICMP, EADDRINUSE, "127.0.0.1");
	keep(row(2, IPPROTO_ICMP, "127.0.0.1"), NOW + 1);
	judge(REASON_IDENT_IN_USE);
	assert_int_equal(e.rec.n_holders, 0);
	assert_int_equal(e.rec.walk, 0);
	assert_null(advised(ACTION_STOP_HOLDER));
}

/* Nobody could read the open files: then nothing is said of them. */
static void not_looked(void **state)
{
	(void)state;
	refusal(IPPROTO_SCTP, EADDRINUSE, "127.0.0.1");
	files.looked = false;
	judge(REASON_SCTP_IN_USE);
	assert_false(e.holders_from_files);
	assert_null(strstr(e.verdict.summary, "no process"));
	refusal(IPPROTO_ICMP, EADDRINUSE, "127.0.0.1");
	files.looked = false;
	judge(REASON_IDENT_IN_USE);
	assert_null(strstr(e.verdict.summary, "no process"));
}

/* The kernel counts three on the port, and one of them is open: no option can be promised to help. */
static void not_all_are_open(void **state)
{
	struct bt_open holder = row(2, IPPROTO_SCTP, "127.0.0.1");

	(void)state;
	refusal(IPPROTO_SCTP, EADDRINUSE, "127.0.0.1");
	holder.sock.reuse = 1;
	holder.on_port = 3;
	keep(holder, 0);
	judge(REASON_BOUND_NOT_LISTENING);
	assert_int_equal(e.rec.walk, BT_WALK_TRUNCATED);
	assert_int_equal(e.rec.totals.total, 3);
	assert_int_equal(e.rec.totals.blocking, 1);
	assert_int_equal(e.verdict.culprit, -1);
	assert_null(advised(ACTION_SET_REUSEADDR));
	/* nor where not all processes are seen */
	refusal(IPPROTO_ICMP, EADDRINUSE, "127.0.0.1");
	holder = row(2, IPPROTO_ICMP, "127.0.0.1");
	holder.sock.reuse = 1;
	keep(holder, 0);
	files.partial = true;
	judge(REASON_IDENT_IN_USE);
	assert_int_equal(e.rec.totals.blocking, 1);
	assert_int_equal(advised(ACTION_SET_REUSEADDR)->effective, EFFECTIVE_NEXT_RESTART);
	/* and of those that are open none is in the way */
	refusal(IPPROTO_SCTP, EADDRINUSE, "127.0.0.1");
	holder = row(2, IPPROTO_SCTP, "127.0.0.2");
	holder.on_port = 2;
	keep(holder, 0);
	judge(REASON_SCTP_IN_USE);
	assert_int_equal(e.rec.n_holders, 0);
	assert_int_equal(e.rec.walk, 0);
	refusal(IPPROTO_SCTP, EADDRINUSE, "127.0.0.1");
	keep(holder, 0);
	e.sctp.orphans = 1;
	judge(REASON_ORPHAN);
	assert_int_equal(advised(ACTION_WAIT)->effective, EFFECTIVE_AFTER_WAIT);
	assert_int_equal(advised(ACTION_SET_REUSEADDR)->effective, EFFECTIVE_NEXT_RESTART);
}

/* listen(), and sctp_bindx() of a socket that has addresses: it is itself among the open ones. */
static void the_asker_itself(void **state)
{
	struct bt_open own = row(ASKER, IPPROTO_SCTP, "127.0.0.1"),
		       other = row(2, IPPROTO_SCTP, "127.0.0.1");

	(void)state;
	refusal(IPPROTO_SCTP, EADDRINUSE, "127.0.0.1");
	e.rec.operation = BT_OP_LISTEN;
	own.on_port = other.on_port = 2;
	own.sock.reuse = other.sock.reuse = e.rec.sock.reuse = 1;
	other.sock.state = BT_TCP_LISTEN;
	keep(own, 0);
	keep(other, 0);
	judge(REASON_LISTEN_CONFLICT);
	assert_int_equal(e.rec.n_holders, 1);
	assert_int_equal(e.rec.holders[0].sock.sk, 2);
	assert_int_equal(e.rec.totals.total, 1);
	/* the address that was refused may be another than the first one */
	refusal(IPPROTO_SCTP, EADDRINUSE, "127.0.0.3");
	e.rec.more_len = 16;
	keep(own, 0);
	keep(other, 0);
	judge(REASON_SCTP_IN_USE);
	assert_int_equal(e.rec.n_holders, 0);
}

/* Any option is promised only against every address of every socket. */
static void ways_out(void **state)
{
	struct bt_open holder = row(2, IPPROTO_SCTP, "::"),
		       four = row(3, IPPROTO_SCTP, "127.0.0.1");

	(void)state;
	refusal(IPPROTO_SCTP, EADDRINUSE, "::");
	keep(four, 0);
	judge(REASON_BOUND_NOT_LISTENING);
	assert_non_null(advised(ACTION_SET_V6ONLY));
	refusal(IPPROTO_SCTP, EADDRINUSE, "::");
	holder.on_port = four.on_port = 2;
	keep(four, 0);
	keep(holder, 0);
	judge(REASON_BOUND_NOT_LISTENING);
	assert_null(advised(ACTION_SET_V6ONLY));
	assert_int_equal(e.rec.totals.still_v6only, 1);
}

static void devices_and_groups(void **state)
{
	struct bt_sock s = row(1, IPPROTO_SCTP, "0.0.0.0").sock,
		       t = row(2, IPPROTO_SCTP, "0.0.0.0").sock;

	(void)state;
	s.ifindex = 1;
	t.ifindex = 2;
	assert_true(bt_pair_of(&s, &t, 0).blocks);
	assert_false(bt_pair_of(&s, &t, BT_RULE_SCTP_DEVICE).blocks);
	t.ifindex = 0;
	assert_true(bt_pair_of(&s, &t, BT_RULE_SCTP_DEVICE).blocks);
	s.reuseport = t.reuseport = 1;
	s.flags = BT_SOCK_GROUPED;
	assert_false(bt_pair_of(&s, &t, 0).blocks);
}

/* A kernel before 6.18 may have met one of another namespace: that is said, and nobody is named. */
static void ping_across_namespaces(void **state)
{
	struct bt_open holder = row(2, IPPROTO_ICMPV6, "::1");

	(void)state;
	refusal(IPPROTO_ICMP, EADDRINUSE, "127.0.0.1");
	holder.netns = OTHER;
	keep(holder, 0);
	judge(REASON_IDENT_IN_USE);
	assert_int_equal(e.rec.n_holders, 0);
	assert_non_null(strstr(e.verdict.summary, "in another one"));
	assert_null(advised(ACTION_STOP_HOLDER));
	refusal(IPPROTO_ICMP, EADDRINUSE, "127.0.0.1");
	holder.netns = OURS;
	keep(holder, 0);
	judge(REASON_IDENT_IN_USE);
	assert_int_equal(e.rec.n_holders, 1);
	assert_int_equal(e.holders[0].role, ROLE_PING);
}

static void orphans_in_the_table(void **state)
{
	static const char table[] =
		" ASSOC     SOCK   STY SST ST HBKT ASSOC-ID TX_QUEUE RX_QUEUE UID INODE LPORT "
		"RPORT "
		"LADDRS <-> RADDRS HBINT INS OUTS MAXRT T1X T2X RTXC wmema wmemq sndbuf rcvbuf\n"
		"0000000012345678 0000000087654321 2   1   3  0       1        0        0       0  "
		"4711 5000  41000  *127.0.0.1 <-> *127.0.0.1 \t   30000    10    10   10    0    0 "
		"       "
		"0        1        0   212992   212992\n"
		"0000000012345679 0000000087654322 2   7   5  0       2     4000        0    1000  "
		"   0 5000  41001  127.0.0.2 *127.0.0.1 <-> 192.0.2.1 *192.0.2.2 \t   30000    10  "
		"  10   "
		"10    0    0        0        1        0   212992   212992\n"
		"0000000012345680 0000000087654323 2   7   5  0       3     4000        0    1000  "
		"   0 5001  41002  *::1 <-> *::1 \t   30000    10    10   10    0    0        0    "
		"    1        "
		"0   212992   212992\n";
	struct sctp_facts facts = { 0 };

	(void)state;
	sctp_look_in_table(&facts, table, 5000);
	assert_int_equal(facts.orphans, 1);
	assert_int_equal(facts.peer.port, 41001);
	assert_int_equal(facts.peer.addr[3], 2);
	memset(&facts, 0, sizeof(facts));
	sctp_look_in_table(&facts, table, 5001);
	assert_int_equal(facts.peer.family, AF_INET6);
	refusal(IPPROTO_SCTP, EADDRINUSE, "::1");
	e.sctp = facts;
	judge(REASON_ORPHAN);
	assert_non_null(strstr(e.verdict.summary, "with [::1]:41002"));
	memset(&facts, 0, sizeof(facts));
	sctp_look_in_table(&facts, table, 4711);
	sctp_look_in_table(&facts, "", 5000);
	sctp_look_in_table(&facts, " ASSOC\n1 2 3", 5000);
	assert_int_equal(facts.orphans, 0);
}

/* A raw socket's number is its protocol: it is bound only when it is connected. */
static void raw_sockets(void **state)
{
	(void)state;
	refusal(IPPROTO_RAW, EINVAL, "127.0.0.1");
	e.rec.bound_port = IPPROTO_ICMP;
	judge(REASON_OTHER);
	e.rec.sock.state = BT_TCP_ESTABLISHED;
	judge(REASON_ALREADY_BOUND);
	refusal(IPPROTO_RAW, EINVAL, "::1");
	e.rec.sa_family = AF_INET;
	judge(REASON_BAD_FAMILY);
	refusal(IPPROTO_RAW, EADDRNOTAVAIL, "::ffff:10.0.0.1");
	judge(REASON_V6ONLY_MAPPED);
	/* raw_bind() of 5.10 does not look at IP_FREEBIND */
	refusal(IPPROTO_RAW, EADDRNOTAVAIL, "203.0.113.7");
	judge(REASON_ADDRESS_NOT_LOCAL);
	assert_null(advised(ACTION_SET_FREEBIND));
	e.rec.rule = BT_RULE_BHASH2;
	judge(REASON_ADDRESS_NOT_LOCAL);
	assert_non_null(advised(ACTION_SET_FREEBIND));
}

/* No privileges among identifiers, and no program of the cgroup is asked. */
static void who_does_not_say_no(void **state)
{
	(void)state;
	refusal(IPPROTO_ICMP, EACCES, "127.0.0.1");
	e.rec.sock.port = 80;
	judge(REASON_OTHER);
	refusal(IPPROTO_SCTP, EACCES, "127.0.0.1");
	e.rec.sock.port = 80;
	judge(REASON_PRIVILEGED_PORT);
	refusal(IPPROTO_SCTP, EPERM, "127.0.0.1");
	judge(REASON_OTHER);
	assert_int_equal(e.verdict.layer, N_LAYERS);
}

static void lengths_and_families(void **state)
{
	(void)state;
	refusal(IPPROTO_SCTP, EINVAL, "::1");
	e.rec.addr_len = 24; /* enough for TCP */
	judge(REASON_BAD_LENGTH);
	refusal(IPPROTO_SCTP, EINVAL, "::ffff:10.0.0.1");
	e.rec.sa_family = AF_INET;
	e.rec.addr_len = 16;
	e.rec.sock.v6only = 1;
	judge(REASON_V6ONLY_MAPPED);
	refusal(IPPROTO_SCTP, EINVAL, "127.0.0.1");
	e.rec.sa_family = AF_INET6;
	e.rec.addr_len = 28;
	judge(REASON_BAD_FAMILY);
	refusal(IPPROTO_SCTP, EADDRNOTAVAIL, "fe80::1");
	judge(REASON_SCOPE_MISSING);
	e.rec.sock.ifindex = 2;
	judge(REASON_ADDRESS_NOT_LOCAL);
}

/* SCTP looks for a port in listen(), too, and all identifiers of ping sockets may be taken. */
static void none_left(void **state)
{
	(void)state;
	refusal(IPPROTO_SCTP, EAGAIN, "0.0.0.0");
	e.rec.operation = BT_OP_LISTEN;
	e.rec.sock.port = 0;
	judge(REASON_EPHEMERAL_EXHAUSTED);
	refusal(IPPROTO_ICMP, EADDRINUSE, "0.0.0.0");
	e.rec.sock.port = 0;
	judge(REASON_EPHEMERAL_EXHAUSTED);
	assert_non_null(strstr(e.verdict.summary, "identifiers"));
	assert_null(advised(ACTION_WIDEN_PORT_RANGE));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_what_concerns_it),
		cmocka_unit_test(each_address_once),
		cmocka_unit_test(bound_since),
		cmocka_unit_test(not_looked),
		cmocka_unit_test(not_all_are_open),
		cmocka_unit_test(the_asker_itself),
		cmocka_unit_test(ways_out),
		cmocka_unit_test(devices_and_groups),
		cmocka_unit_test(ping_across_namespaces),
		cmocka_unit_test(orphans_in_the_table),
		cmocka_unit_test(raw_sockets),
		cmocka_unit_test(who_does_not_say_no),
		cmocka_unit_test(lengths_and_families),
		cmocka_unit_test(none_left),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
