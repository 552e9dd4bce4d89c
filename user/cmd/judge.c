// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "cmd/judge.h"

#include "enrich/event.h"
#include "source/decode.h"
#include "verdict/verdict.h"

int judge_alone(struct event *e, const struct bt_record *record, uint32_t len)
{
	int err = decode_record(e, record, len);

	if (!err)
		verdict_decide(e);
	return err;
}

void judge_seen(struct event *e, struct look *look, unsigned i)
{
	look_apply(look, e, i);
	enrich_event(e);
	verdict_judge(e);
}
