// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "refusal.h"

#include <string.h>
#include <sys/socket.h>

#include "verdict/verdict.h"

struct event e;

void refusal(unsigned who, int error)
{
	memset(&e, 0, sizeof(e));
	e.rec.operation = BT_OP_BIND;
	e.rec.who = (uint8_t)who;
	e.rec.error = (uint16_t)error;
	e.rec.addr_len = 16;
	e.rec.unprivileged_start = 1024;
	e.rec.hook = who == BT_WHO_UNKNOWN ? BT_HOOK_TRACEPOINT : BT_HOOK_FEXIT;
	e.rec.sock.family = AF_INET;
	e.rec.sock.protocol = 6;
	e.rec.sock.state = BT_TCP_CLOSE;
	e.rec.sock.sk = 1;
	e.rec.sock.port = 8000;
	e.name.served = -1;
}

void unix_refusal(int error, const char *path, unsigned path_len)
{
	refusal(BT_WHO_PROTOCOL, error);
	e.rec.sock.family = AF_UNIX;
	e.rec.sock.protocol = 0;
	e.rec.sock.port = 0;
	e.rec.sa_family = AF_UNIX;
	e.rec.addr_len = (uint16_t)(path_len + 2);
	memcpy(e.rec.path, path, path_len);
	e.rec.path_len = (uint16_t)path_len;
}

static void judge(enum bt_reason reason)
{
	verdict_judge(&e);
	if (e.verdict.reason != reason)
		fail_msg("%s, not %s", reason_name(e.verdict.reason), reason_name(reason));
	assert_true(strlen(e.verdict.summary) > 10);
	/* the advice that never works */
	for (unsigned i = 0; i < e.verdict.n_advice; i++)
		assert_null(strstr(e.verdict.advice[i].command, "tcp_fin_timeout"));
}

void expect_reason(enum bt_reason reason, enum bt_layer layer)
{
	judge(reason);
	assert_int_equal(e.verdict.layer, layer);
}

void expect_said(enum bt_reason reason, const char *said)
{
	judge(reason);
	if (!strstr(e.verdict.summary, said))
		fail_msg("no '%s' in: %s", said, e.verdict.summary);
}

const struct advice *advised(enum bt_action action)
{
	for (unsigned i = 0; i < e.verdict.n_advice; i++)
		if (e.verdict.advice[i].action == action)
			return &e.verdict.advice[i];
	return NULL;
}
