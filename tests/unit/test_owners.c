// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Rows of sockets become ports, whatever order they come in. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <netinet/in.h>
#include <cmocka.h>

#include "cmd/owners.h"

enum { OURS = 1, OTHER = 2 };

static struct owners owners;

static int setup(void **state)
{
	(void)state;
	memset(&owners, 0, sizeof(owners));
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	owners_free(&owners);
	return 0;
}

static struct bt_open row(uint64_t sk, uint16_t port, uint8_t tcp_state, uint32_t pid)
{
	return (struct bt_open){ .sock = { .sk = sk,
					   .inode = sk,
					   .port = port,
					   .protocol = IPPROTO_TCP,
					   .family = AF_INET,
					   .state = tcp_state },
				 .netns = OURS,
				 .pid = pid,
				 .start_ns = pid };
}

static void add(struct bt_open open)
{
	owners_add(&owners, &open);
}

static void sharers_once(void **state)
{
	struct bt_open twice = row(7, 80, BT_TCP_LISTEN, 10);

	(void)state;
	twice.fd = 9;
	add(row(7, 80, BT_TCP_LISTEN, 0));
	add(row(7, 80, BT_TCP_LISTEN, 11));
	add(twice);
	add(row(7, 80, BT_TCP_LISTEN, 10));
	assert_int_equal(owners_group(&owners, OURS), 0);
	assert_int_equal(owners.n_groups, 1);
	assert_int_equal(owners.groups[0].n_sockets, 1);
	assert_int_equal(owners.sockets[0].n_processes, 2);
	assert_int_equal(owners.processes[0].pid, 10);
	assert_int_equal(owners.processes[0].fd, 0);
	assert_int_equal(owners.processes[1].pid, 11);
	assert_int_equal(owners.sockets[0].role, ROLE_LISTENER);
}

static void groups_in_order(void **state)
{
	struct bt_open udp = row(3, 80, BT_TCP_CLOSE, 1), far = row(4, 80, BT_TCP_LISTEN, 1);

	(void)state;
	udp.sock.protocol = IPPROTO_UDP;
	far.netns = OTHER;
	add(udp);
	add(row(1, 443, BT_TCP_LISTEN, 1));
	add(far);
	add(row(2, 80, BT_TCP_LISTEN, 1));
	assert_int_equal(owners_group(&owners, OURS), 0);
	assert_int_equal(owners.n_groups, 4);
	assert_int_equal(owners.groups[0].sockets[0].sock.sk, 2);
	assert_false(owners.groups[0].elsewhere);
	assert_int_equal(owners.groups[1].sockets[0].sock.sk, 4);
	assert_true(owners.groups[1].elsewhere);
	assert_int_equal(owners.groups[2].port, 443);
	assert_int_equal(owners.groups[3].protocol, IPPROTO_UDP);
}

static void roles(void **state)
{
	struct bt_open mini = row(5, 80, BT_TCP_TIME_WAIT, 0), own = row(6, 80, 1, 1),
		       orphan = row(8, 80, 4, 0);

	(void)state;
	mini.sock.flags = BT_SOCK_MINI | BT_SOCK_NO_SOCKET;
	mini.sock.substate = 5;
	own.sock.flags = BT_SOCK_BOUND_PORT;
	orphan.sock.flags = BT_SOCK_NO_SOCKET;
	add(mini);
	add(own);
	add(orphan);
	add(row(7, 80, BT_TCP_ESTABLISHED, 1));
	add(row(9, 80, BT_TCP_LISTEN, 1));
	add(row(10, 81, BT_TCP_ESTABLISHED, 1));
	assert_int_equal(owners_group(&owners, OURS), 0);
	assert_int_equal(owners.sockets[0].role, ROLE_LISTENER);
	assert_int_equal(owners.sockets[1].role, ROLE_ACCEPTED);
	assert_int_equal(owners.sockets[2].role, ROLE_OUTGOING);
	assert_int_equal(owners.sockets[3].role, ROLE_ORPHAN);
	assert_int_equal(owners.sockets[4].role, ROLE_FIN_WAIT2);
	/* without a listener nobody can tell who began it */
	assert_int_equal(owners.sockets[5].role, N_ROLES);
}

static void only_outgoing(void **state)
{
	(void)state;
	add(row(1, 40000, BT_TCP_ESTABLISHED, 1));
	add(row(2, 40001, BT_TCP_LISTEN, 1));
	add(row(3, 40001, BT_TCP_ESTABLISHED, 1));
	add(row(4, 8000, BT_TCP_ESTABLISHED, 1));
	add(row(5, 40002, BT_TCP_CLOSE, 1));
	assert_int_equal(owners_group(&owners, OURS), 0);
	assert_false(owners_only_outgoing(&owners.groups[0], 32768, 60999)); /* 8000 */
	assert_true(owners_only_outgoing(&owners.groups[1], 32768, 60999));
	assert_false(owners_only_outgoing(&owners.groups[2], 32768, 60999));
	assert_false(owners_only_outgoing(&owners.groups[3], 32768, 60999));
}

/* Its memory was given to another socket between the two looks */
static void another_socket(void **state)
{
	struct bt_open later = row(1, 80, BT_TCP_LISTEN, 0);

	(void)state;
	later.sock.inode = 99;
	add(row(1, 80, BT_TCP_LISTEN, 10));
	add(later);
	assert_int_equal(owners_group(&owners, OURS), 0);
	assert_int_equal(owners.groups[0].n_sockets, 2);
}

/* SCTP's ports are not TCP's; a row for each address of a socket, and for each process that has it. */
static void sctp(void **state)
{
	struct bt_open open = row(1, 80, BT_TCP_LISTEN, 10);

	(void)state;
	add(row(2, 80, BT_TCP_LISTEN, 10));
	open.sock.protocol = IPPROTO_SCTP;
	for (uint32_t pid = 10; pid < 13; pid++) {
		open.pid = open.start_ns = pid;
		open.sock.addr[0] = 127;
		add(open);
		open.sock.addr[0] = 10;
		add(open);
	}
	assert_int_equal(owners_group(&owners, OURS), 0);
	assert_int_equal(owners.n_groups, 2);
	assert_int_equal(owners.groups[1].protocol, IPPROTO_SCTP);
	assert_int_equal(owners.groups[1].n_sockets, 1);
	assert_int_equal(owners.groups[1].sockets[0].n_processes, 3);
	assert_int_equal(owners.groups[1].sockets[0].more_addresses, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(sharers_once, setup, teardown),
		cmocka_unit_test_setup_teardown(groups_in_order, setup, teardown),
		cmocka_unit_test_setup_teardown(roles, setup, teardown),
		cmocka_unit_test_setup_teardown(only_outgoing, setup, teardown),
		cmocka_unit_test_setup_teardown(another_socket, setup, teardown),
		cmocka_unit_test_setup_teardown(sctp, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
