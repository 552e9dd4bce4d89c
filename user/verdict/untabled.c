// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* SCTP and ping sockets: holders of which only the open files of processes tell (enrich/untabled.c). */
#include <stdio.h>

#include "model/endpoint.h"
#include "verdict/verdict.h"

static const char *reuse_clause(unsigned reuseaddr)
{
	switch (reuseaddr) {
	case BT_REUSEADDR_BOTH_LACK:
		return "SO_REUSEADDR was turned off on both";
	case BT_REUSEADDR_NEW_LACKS:
		return "SO_REUSEADDR was turned off on the new one";
	default:
		return "SO_REUSEADDR was turned off on the old one";
	}
}

static void add_orphans(struct text *t, const struct sctp_facts *facts)
{
	if (facts->orphans == 1)
		text_add(t, "the kernel is still closing an association that no process has any "
			    "more");
	else
		text_printf(t,
			    "the kernel is still closing %u associations that no process has any "
			    "more",
			    facts->orphans);
	if (!facts->peer.family)
		return;
	text_add(t, facts->orphans == 1 ? ", with " : ", one with ");
	endpoint_add_local(t, &facts->peer);
}

void untabled_summary(struct text *t, const struct event *e)
{
	const struct bt_record *r = &e->rec;

	if (bt_is_ping(&r->sock) && e->verdict.decisive >= 0)
		text_printf(t, "another ping socket has this ICMP identifier, and %s",
			    reuse_clause(event_decisive(e)->pair.reuseaddr));
	else if (bt_is_ping(&r->sock) && e->holders_from_files)
		text_add(t, "another ping socket had this ICMP identifier; a moment later no "
			    "process had one open in this network namespace (before Linux 6.18 "
			    "it may be in another one)");
	else if (bt_is_ping(&r->sock))
		text_add(t, "another ping socket has this ICMP identifier");
	else if (e->sctp.orphans)
		add_orphans(t, &e->sctp);
	else if (r->more_len)
		text_add(t, "another SCTP socket had the port on one of the addresses that "
			    "sctp_bindx() was given");
	else if (e->holders_from_files)
		text_add(t, "another SCTP socket had the port; a moment later no process had one "
			    "open there");
	else
		text_add(t, "another SCTP socket has the port");
}

/* Ping sockets share an identifier unless somebody turned that off. */
static void advise_ping(struct event *e)
{
	const struct bt_totals *t = &e->rec.totals;

	if (!e->rec.sock.reuse && t->blocking && !t->still_reuseaddr && e->rec.walk == BT_WALK_DONE)
		verdict_advise(e, ACTION_SET_REUSEADDR, EFFECTIVE_NOW,
			       "leave SO_REUSEADDR on, as it is on a new ping socket: the others "
			       "have it");
	else
		verdict_advise(e, ACTION_SET_REUSEADDR, EFFECTIVE_NEXT_RESTART,
			       "leave SO_REUSEADDR on in both programs, as it is on a new ping "
			       "socket");
	verdict_advise(e, ACTION_USE_OTHER_PORT, EFFECTIVE_NOW,
		       "bind identifier 0: the kernel chooses a free one");
}

/* A closed socket does not listen: with SO_REUSEADDR on both its successor gets the port. */
static void advise_orphans(struct event *e)
{
	verdict_advise(e, ACTION_WAIT, EFFECTIVE_AFTER_WAIT,
		       "wait: it ends when the peer answers, or the kernel gives up "
		       "(net.sctp.association_max_retrans)");
	verdict_advise(e, ACTION_SET_REUSEADDR, EFFECTIVE_NEXT_RESTART,
		       e->rec.sock.reuse
			       ? "keep SO_REUSEADDR: it helps from the restart after this one"
			       : "set SO_REUSEADDR before bind(): it helps from the restart after "
				 "this one, not now");
}

void untabled_advice(struct event *e)
{
	if (e->verdict.decisive >= 0 && e->rec.totals.blocking > 1)
		verdict_advise_stop_each(e);
	else if (e->verdict.decisive >= 0)
		verdict_advise_stop(e);
	if (e->verdict.reason == REASON_ORPHAN)
		advise_orphans(e);
	if (bt_is_ping(&e->rec.sock))
		advise_ping(e);
	else
		verdict_advise(e, ACTION_USE_OTHER_PORT, EFFECTIVE_NOW, "move to another port");
}
