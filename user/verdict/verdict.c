// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "verdict/verdict.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

/* When everything in the way ends by itself, the last of it decides. */
static void judge_end(struct event *e)
{
	const struct bt_totals *t = &e->rec.totals;

	if ((e->rec.error != EADDRINUSE && !(e->rec.rule & BT_RULE_TUPLE)) || !t->blocking ||
	    t->blocking_lasting)
		return;
	e->verdict.has_frees_in = true;
	e->verdict.frees_at_least =
		t->fin_wait2 || (e->rec.walk & (BT_WALK_TRUNCATED | BT_WALK_STALE));
	e->verdict.frees_in_ns = t->last_free_ns > 0 ? t->last_free_ns : 0;
}

void verdict_decide(struct event *e)
{
	unsigned i;

	memset(&e->verdict, 0, sizeof(e->verdict));
	e->verdict.culprit = e->verdict.decisive = -1;
	for (i = 0; i < e->rec.n_holders; i++) {
		const struct bt_sock *s = &e->rec.holders[i].sock;

		e->holders[i].pair = bt_pair_of(&e->rec.sock, s, e->rec.rule);
		e->holders[i].role = verdict_role(e, i);
		/* one name, one socket: the port's rule has no say */
		if (s->family == AF_UNIX)
			e->holders[i].pair = (struct bt_pair){ .blocks = 1 };
		if ((s->flags & BT_SOCK_CULPRIT) && e->holders[i].pair.blocks)
			e->verdict.culprit = (int)i;
	}
	if (!e->rec.error)
		return;
	e->verdict.decisive = verdict_find_decisive(e);
	e->verdict.reason = verdict_reason(e, &e->verdict.layer);
}

void verdict_judge(struct event *e)
{
	verdict_decide(e);
	if (!e->rec.error)
		return;
	judge_end(e);
	verdict_summary(e, e->verdict.summary);
	verdict_advice(e);
}
