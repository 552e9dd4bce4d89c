/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "fixture.h"

static void errno_both_ways(void **state)
{
	static const int some[] = { EPERM,    ENOENT,	    EINTR,	  EBADF,      EAGAIN,
				    ENOMEM,   EACCES,	    EFAULT,	  EINVAL,     ENODEV,
				    ENOTSOCK, EOPNOTSUPP,   EAFNOSUPPORT, EADDRINUSE, EADDRNOTAVAIL,
				    ENOBUFS,  EDESTADDRREQ, ENOPROTOOPT };

	(void)state;
	assert_string_equal(errno_name(EADDRINUSE), "EADDRINUSE");
	assert_string_equal(errno_name(EADDRNOTAVAIL), "EADDRNOTAVAIL");
	for (size_t i = 0; i < sizeof(some) / sizeof(some[0]); i++)
		assert_int_equal(errno_number(errno_name(some[i])), some[i]);
	assert_int_equal(errno_number("eaddrinuse"), EADDRINUSE);
	assert_int_equal(errno_number("98"), 98);
	assert_int_equal(errno_number("4095"), 4095);
	assert_int_equal(errno_number("ENOTSUP"), EOPNOTSUPP);
	assert_int_equal(errno_number("EWOULDBLOCK"), EAGAIN);
}

static void unknown_errnos(void **state)
{
	static const char *const bad[] = { "",	    "0",  "-98",	 "4096",       "98x",
					   "EADDR", "E?", "EADDRINUSE ", "99999999999" };

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(errno_number(bad[i]), -1);
	assert_string_equal(errno_name(0), "E?");
	assert_string_equal(errno_name(-98), "E?");
	assert_string_equal(errno_name(4000), "E?");
}

static void every_value_has_its_own_word(void **state)
{
	(void)state;
	for (int i = 0; i < N_REASONS; i++)
		for (int j = 0; j < i; j++)
			assert_string_not_equal(reason_name(i), reason_name(j));
	for (int i = 0; i < N_ACTIONS; i++)
		for (int j = 0; j < i; j++)
			assert_string_not_equal(action_name(i), action_name(j));
	for (unsigned i = 1; i < BT_N_STATES; i++)
		for (unsigned j = 1; j < i; j++)
			assert_string_not_equal(state_name(i, 0), state_name(j, 0));
	for (unsigned i = 0; i < N_MISSING_BITS; i++)
		assert_string_not_equal(missing_name(1u << i), "other");
	assert_string_equal(missing_name(MISSING_IO_URING), "io_uring");
}

static void states_of_mini_sockets(void **state)
{
	(void)state;
	assert_string_equal(state_name(10, 0), "listen");
	assert_string_equal(state_name(7, 0), "close");
	assert_string_equal(state_name(6, 6), "time_wait");
	assert_string_equal(state_name(6, 5), "fin_wait2");
	assert_string_equal(state_name(6, 0), "time_wait");
	/* a full socket's substate means nothing */
	assert_string_equal(state_name(1, 5), "established");
}

static void words_of_the_contract(void **state)
{
	(void)state;
	assert_string_equal(operation_name(BT_OP_LISTEN), "listen");
	assert_string_equal(protocol_name(6), "tcp");
	assert_string_equal(protocol_name(262), "mptcp");
	assert_string_equal(protocol_name(58), "icmp");
	assert_string_equal(family_name(AF_INET6), "ipv6");
	assert_string_equal(hook_name(BT_HOOK_KPROBE_MULTI), "kprobe_multi");
	assert_string_equal(hook_name(BT_HOOK_ITERATOR), "iterator");
	assert_string_equal(read_name(READ_SNAPSHOT), "snapshot");
	assert_string_equal(read_name(READ_ITERATOR), "iterator");
	assert_string_equal(missing_name(MISSING_BOUND), "bound");
	assert_string_equal(missing_name(MISSING_ASKER), "asker");
	assert_string_equal(layer_name(LAYER_CGROUP_BPF), "cgroup_bpf");
	assert_string_equal(role_name(ROLE_FIN_WAIT2), "fin_wait2");
	assert_string_equal(effective_name(EFFECTIVE_NEXT_RESTART), "next_restart");
	assert_null(overlap_name(BT_OVERLAP_NONE));
	assert_string_equal(overlap_name(BT_OVERLAP_DUAL_STACK), "dual_stack");
	assert_null(reuseaddr_name(BT_REUSEADDR_OK));
	assert_string_equal(reuseaddr_name(BT_REUSEADDR_HOLDER_LISTENS), "holder_listens");
	assert_null(reuseport_name(BT_REUSEPORT_OK));
	assert_string_equal(reuseport_name(BT_REUSEPORT_NEW_GROUPED), "new_grouped");
}

static void values_from_the_future(void **state)
{
	(void)state;
	assert_string_equal(reason_name(1000), "other");
	assert_string_equal(state_name(200, 0), "other");
	assert_string_equal(protocol_name(250), "other");
	assert_string_equal(family_name(99), "other");
	assert_string_equal(operation_name(0), "other");
	assert_string_equal(missing_name(0), "other");
	assert_string_equal(missing_name(1u << 31), "other");
	assert_null(overlap_name(77));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(errno_both_ways),
		cmocka_unit_test(unknown_errnos),
		cmocka_unit_test(every_value_has_its_own_word),
		cmocka_unit_test(states_of_mini_sockets),
		cmocka_unit_test(words_of_the_contract),
		cmocka_unit_test(values_from_the_future),
	};

	return cmocka_run_group_tests_name("names", tests, NULL, NULL);
}
