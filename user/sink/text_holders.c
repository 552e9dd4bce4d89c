// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The rows of a report that say who is in the way. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "model/endpoint.h"
#include "sink/text_parts.h"

enum { SHOWN_HOLDERS = 3 };

void state_words(const struct bt_sock *s, char out[24])
{
	if (s->state == BT_TCP_CLOSE)
		snprintf(out, 24, "BOUND");
	else
		snprintf(out, 24, "%s", state_name(s->state, s->substate));
	for (char *c = out; *c; c++)
		*c = (char)toupper((unsigned char)*c);
}

static void add_state(struct page *p, const struct bt_sock *s)
{
	char name[24];

	state_words(s, name);
	page_styled(p, BOLD, name);
}

static void add_socket(struct page *p, const struct event *e, const struct holder *h,
		       const struct bt_sock *s)
{
	add_state(p, s);
	text_add(&p->t, " ");
	if (h->role == ROLE_UNIX)
		endpoint_add_unix(&p->t, e->rec.path, e->rec.path_len);
	else
		endpoint_add_local(&p->t, s);
	if (h->more_addresses)
		text_printf(&p->t, " (and %u more address%s)", h->more_addresses,
			    h->more_addresses == 1 ? "" : "es");
	if (s->peer_port) {
		text_add(&p->t, h->role == ROLE_OUTGOING      ? " -> "
				: h->role == ROLE_ASSOCIATION ? " -- "
							      : " <- ");
		endpoint_add_peer(&p->t, s);
	}
}

static const char *const overlap_words[] = {
	[BT_OVERLAP_NONE] = "addresses do not meet",
	[BT_OVERLAP_SAME_ADDRESS] = "same address",
	[BT_OVERLAP_NEW_WILDCARD] = "the new wildcard covers it",
	[BT_OVERLAP_HOLDER_WILDCARD] = "its wildcard covers the new one",
	[BT_OVERLAP_BOTH_WILDCARD] = "both are wildcards",
	[BT_OVERLAP_DUAL_STACK] = "an IPv6 wildcard covers IPv4 too",
};

static const char *const reuseaddr_words[] = {
	[BT_REUSEADDR_OK] = "lets both in",
	[BT_REUSEADDR_NEW_LACKS] = "not set by the new socket",
	[BT_REUSEADDR_HOLDER_LACKS] = "not set by the holder",
	[BT_REUSEADDR_BOTH_LACK] = "set by neither",
	[BT_REUSEADDR_HOLDER_LISTENS] = "does not help against a listener",
};

static const char *const reuseport_words[] = {
	[BT_REUSEPORT_OK] = "lets both in",
	[BT_REUSEPORT_NEW_LACKS] = "not set by the new socket",
	[BT_REUSEPORT_HOLDER_LACKS] = "not set by the holder",
	[BT_REUSEPORT_BOTH_LACK] = "set by neither",
	[BT_REUSEPORT_UID_DIFFERS] = "set by both, but the uids differ",
	[BT_REUSEPORT_NEW_GROUPED] = "set by both, but the new socket is in another group",
};

#define WORD(table, i) ((i) < sizeof(table) / sizeof((table)[0]) ? (table)[i] : "?")

/* The kernel's rule, clause by clause. */
static void add_clauses(struct page *p, const struct holder *h, const struct bt_sock *s)
{
	page_row(p, "");
	if (h->role == ROLE_PING) {
		text_printf(&p->t,
			    "same identifier, whatever the address; SO_REUSEADDR %s; uid %u\n",
			    WORD(reuseaddr_words, h->pair.reuseaddr), s->uid);
		return;
	}
	text_add(&p->t, WORD(overlap_words, h->pair.overlap));
	if (h->pair.other_device)
		text_add(&p->t, "; bound to another device");
	text_printf(&p->t, "; SO_REUSEADDR %s", WORD(reuseaddr_words, h->pair.reuseaddr));
	text_printf(&p->t, "; SO_REUSEPORT %s", WORD(reuseport_words, h->pair.reuseport));
	if (!(s->flags & BT_SOCK_MINI))
		text_printf(&p->t, "; uid %u", s->uid);
	text_add(&p->t, "\n");
}

/* "nginx[812] started by bash[700] <- sshd[690]" */
static void add_parents(struct page *p, const struct process *who)
{
	if (!who->n_parents)
		return;
	page_row(p, "");
	page_pid(p, who->comm, who->pid);
	text_add(&p->t, " started by ");
	page_parents(p, who);
	text_add(&p->t, "\n");
}

/* Holder i; above is the one in the row before, or -1. */
static void add_holder(struct page *p, const struct event *e, unsigned i, int above,
		       const char *label)
{
	const struct bt_sock *s = &e->rec.holders[i].sock;
	const struct holder *h = &e->holders[i], *before = above < 0 ? NULL : &e->holders[above];

	page_row(p, label);
	add_socket(p, e, h, s);
	if ((s->flags & BT_SOCK_MINI) || (h->role == ROLE_ORPHAN && h->closer.pid))
		page_closer(p, e, h, before ? &before->closer : NULL);
	else
		page_owners(p, e, h, before ? &before->opener : NULL);
	text_add(&p->t, "\n");
	if (!p->o->verbose)
		return;
	add_parents(p, h->n_processes ? &e->processes[h->first_process] : &h->opener);
	/* a name, and the pair of endpoints that connect() wants, are one socket's: the port's rule has no say */
	if (h->role != ROLE_UNIX && e->rec.operation != BT_OP_CONNECT)
		add_clauses(p, h, s);
}

/* "and at least 29997 more in the way; on the port in all: 29999 TIME_WAIT, 1 LISTEN" */
static void add_rest(struct page *p, const struct bt_record *r, unsigned shown)
{
	const char *at_least = r->walk & BT_WALK_TRUNCATED ? "at least " : "", *before = "";

	if (r->totals.blocking <= shown)
		return;
	page_row(p, "");
	text_printf(&p->t, "and %s%u more in the way; on the port in all: %s", at_least,
		    r->totals.blocking - shown, at_least);
	for (unsigned state = 1; state < BT_N_STATES; state++) {
		struct bt_sock s = { .state = (uint8_t)state };

		if (!r->totals.state[state])
			continue;
		text_printf(&p->t, "%s%u ", before, r->totals.state[state]);
		add_state(p, &s);
		before = ", ";
	}
	text_add(&p->t, "\n");
}

void page_holders(struct page *p, const struct event *e)
{
	unsigned n = e->rec.n_holders < BT_MAX_HOLDERS ? e->rec.n_holders : BT_MAX_HOLDERS;
	unsigned most = p->o->verbose ? BT_MAX_HOLDERS : SHOWN_HOLDERS, shown = 0;
	int first = e->verdict.decisive < (int)n ? e->verdict.decisive : -1, above = first;

	if (first >= 0) {
		add_holder(p, e, (unsigned)first, -1, "held");
		shown++;
	}
	for (unsigned i = 0; i < n && shown < most; i++) {
		if ((int)i == first || !e->holders[i].pair.blocks)
			continue;
		add_holder(p, e, i, above, shown ? "" : "held");
		above = (int)i;
		shown++;
	}
	add_rest(p, &e->rec, shown);
	for (unsigned i = 0; i < n && p->o->verbose; i++)
		if ((int)i != first && !e->holders[i].pair.blocks)
			add_holder(p, e, i, -1, "also");
}
