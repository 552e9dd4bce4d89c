// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Calls that fail for what they ask. */
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "refusal.h"

static void cannot_listen(void **state)
{
	(void)state;
	refusal(BT_WHO_UNKNOWN, EOPNOTSUPP);
	e.rec.operation = BT_OP_LISTEN;
	expect_reason(REASON_CANNOT_LISTEN, LAYER_ARGUMENTS);
	e.rec.error = EINVAL;
	e.rec.sock.state = BT_TCP_ESTABLISHED;
	expect_reason(REASON_ALREADY_CONNECTED, LAYER_ARGUMENTS);
	assert_non_null(advised(ACTION_USE_NEW_SOCKET));
	e.rec.sock.state = BT_TCP_CLOSE;
	expect_reason(REASON_ALREADY_CONNECTED, LAYER_ARGUMENTS);
	e.rec.seccomp = 1;
	expect_reason(REASON_OTHER, N_LAYERS);
	/* a module's, and no question of ports, files or control groups */
	e.rec.seccomp = 0;
	e.rec.error = EACCES;
	e.rec.sock.port = 80;
	expect_reason(REASON_OTHER, N_LAYERS);
	assert_null(strstr(e.verdict.summary, "cgroup"));
	unix_refusal(EACCES, "/run/s", 7);
	e.rec.who = BT_WHO_UNKNOWN;
	e.rec.operation = BT_OP_LISTEN;
	expect_reason(REASON_OTHER, N_LAYERS);
	e.rec.error = EINVAL;
	expect_reason(REASON_ALREADY_CONNECTED, LAYER_ARGUMENTS);
	e.rec.path_len = 0;
	expect_reason(REASON_NOT_BOUND, LAYER_ARGUMENTS);
	/* of inet_csk_listen_start() nothing more is known */
	refusal(BT_WHO_PROTOCOL, EINVAL);
	e.rec.operation = BT_OP_LISTEN;
	expect_reason(REASON_OTHER, N_LAYERS);
}

static void odd_addresses(void **state)
{
	(void)state;
	refusal(BT_WHO_PROTOCOL, EINVAL);
	e.rec.sock.family = AF_INET6;
	e.rec.addr_len = 28;
	e.rec.sk_type = SOCK_STREAM;
	memcpy(e.rec.sock.addr, "\xff\x02", 2);
	expect_reason(REASON_MULTICAST_ADDRESS, LAYER_ARGUMENTS);
	e.rec.sk_type = SOCK_DGRAM;
	expect_reason(REASON_SCOPE_MISSING, LAYER_ARGUMENTS);
	e.rec.sock.ifindex = 2;
	expect_reason(REASON_OTHER, N_LAYERS);
	e.rec.sock.ifindex = 0;
	e.rec.sock.addr[1] = 0x0e; /* the whole world */
	expect_reason(REASON_OTHER, N_LAYERS);
	e.rec.sock.addr[1] = 0x11; /* the interface, and a flag */
	expect_reason(REASON_SCOPE_MISSING, LAYER_ARGUMENTS);
	/* ping_check_bind_addr() takes none at all, sctp_inet_listen() no negative backlog */
	e.rec.sock.protocol = IPPROTO_ICMPV6;
	expect_said(REASON_MULTICAST_ADDRESS, "ping sockets take no multicast address");
	e.rec.sock.protocol = IPPROTO_SCTP;
	e.rec.sk_type = SOCK_STREAM;
	e.rec.sa_family = AF_INET6;
	expect_reason(REASON_OTHER, N_LAYERS);
	refusal(BT_WHO_UNKNOWN, EINVAL);
	e.rec.operation = BT_OP_LISTEN;
	e.rec.sock.protocol = IPPROTO_SCTP;
	expect_reason(REASON_OTHER, N_LAYERS);
	e.rec.sock.state = BT_TCP_ESTABLISHED;
	expect_reason(REASON_ALREADY_CONNECTED, LAYER_ARGUMENTS);
	refusal(BT_WHO_PROTOCOL, EAFNOSUPPORT);
	expect_reason(REASON_BAD_FAMILY, LAYER_ARGUMENTS);
	assert_non_null(strstr(e.verdict.summary, "AF_UNSPEC"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cannot_listen),
		cmocka_unit_test(odd_addresses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
