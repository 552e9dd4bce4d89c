// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "cmd/story_detail.h"

#include <stdio.h>
#include <string.h>

static void put_name(char out[STORY_NAME], const struct process *p)
{
	if (p->pid)
		snprintf(out, STORY_NAME, "%s[%u]", p->comm, p->pid);
}

static bool same_socket(const struct story_bar *b, enum bt_role role, const struct bt_sock *s)
{
	if (b->role != role)
		return false;
	if (b->sock.cookie && s->cookie)
		return b->sock.cookie == s->cookie;
	return b->sock.port == s->port && b->sock.peer_port == s->peer_port &&
	       b->sock.protocol == s->protocol && b->sock.inode == s->inode &&
	       !memcmp(b->sock.addr, s->addr, sizeof(s->addr)) &&
	       !memcmp(b->sock.peer, s->peer, sizeof(s->peer));
}

/* A place for the socket; the one that decides takes that of one that does not. NULL: there is none. */
static struct story_bar *place(struct story_detail *d, enum bt_role role, const struct bt_sock *s,
			       bool decisive)
{
	struct story_bar *b;

	for (b = d->bars; b < d->bars + d->n_bars; b++)
		if (same_socket(b, role, s))
			return b;
	if (d->n_bars < STORY_BARS) {
		d->n_bars++;
		*b = (struct story_bar){ 0 };
		return b;
	}
	d->more_bars++;
	while (decisive && b-- > d->bars) {
		if (b->decisive)
			continue;
		*b = (struct story_bar){ 0 };
		return b;
	}
	return NULL;
}

/* The wall time of something on the event's own clock; 0: not known. */
static uint64_t wall(const struct event *e, uint64_t at_ns, uint64_t boottime_ns)
{
	return boottime_ns ? at_ns - (e->rec.hdr.boottime_ns - boottime_ns) : 0;
}

static bool closing(enum bt_role role)
{
	return role == ROLE_TIME_WAIT || role == ROLE_FIN_WAIT2;
}

static void add_bar(struct story_detail *d, const struct event *e, unsigned i, uint64_t at_ns)
{
	const struct bt_sock *s = &e->rec.holders[i].sock;
	const struct holder *h = &e->holders[i];
	bool decisive = (int)i == e->verdict.decisive;
	struct story_bar *b = place(d, h->role, s, decisive);

	if (!b)
		return;
	if (!b->first_ns) {
		b->sock = *s;
		b->role = h->role;
		b->first_ns = at_ns;
		b->from_ns =
			wall(e, at_ns, closing(h->role) ? h->closer.time_ns : h->opener.time_ns);
	}
	b->decisive |= decisive;
	b->last_ns = at_ns;
	b->gone_ns = 0;
	if (closing(h->role) && s->frees_in_ns > 0) {
		b->frees_ns = at_ns + (uint64_t)s->frees_in_ns;
		b->frees_at_least = h->role == ROLE_FIN_WAIT2;
	}
	put_name(b->who, h->n_processes ? &e->processes[h->first_process] : &h->opener);
	put_name(b->closer, &h->closer);
}

/* Whether the event's list has every socket that was on the port. */
static bool complete(const struct event *e)
{
	return e->rec.walk == BT_WALK_DONE && e->rec.n_holders <= BT_MAX_HOLDERS &&
	       e->rec.totals.total && e->rec.n_holders == e->rec.totals.total;
}

static bool has(const struct event *e, const struct story_bar *b)
{
	for (unsigned i = 0; i < e->rec.n_holders; i++)
		if (same_socket(b, e->holders[i].role, &e->rec.holders[i].sock))
			return true;
	return false;
}

/* What is not there any more has ended between two refusals. */
static void end_bars(struct story_detail *d, const struct event *e, uint64_t at_ns)
{
	if (!complete(e))
		return;
	for (struct story_bar *b = d->bars; b < d->bars + d->n_bars; b++)
		if (!b->gone_ns && !has(e, b))
			b->gone_ns = at_ns;
}

/* The one that decides first: where there is not room for all, it is the one to draw. */
static void add_bars(struct story_detail *d, const struct event *e, uint64_t at_ns)
{
	unsigned n = e->rec.n_holders < BT_MAX_HOLDERS ? e->rec.n_holders : BT_MAX_HOLDERS;
	int first = e->verdict.decisive < (int)n ? e->verdict.decisive : -1;

	if (first >= 0)
		add_bar(d, e, (unsigned)first, at_ns);
	for (unsigned i = 0; i < n; i++)
		if ((int)i != first && e->holders[i].pair.blocks)
			add_bar(d, e, i, at_ns);
}

static void join(struct story_tick *into, const struct story_tick *t)
{
	if (t->from_ns < into->from_ns)
		into->from_ns = t->from_ns;
	if (t->at_ns > into->at_ns)
		into->at_ns = t->at_ns;
	into->count += t->count;
}

/* Twice as coarse, until there is room again. */
static void coarsen(struct story_detail *d)
{
	uint64_t span = d->ticks[d->n_ticks - 1].at_ns - d->ticks[0].from_ns;
	unsigned n = 0;

	d->width_ns = d->width_ns ? 2 * d->width_ns : span / STORY_TICKS + 1;
	for (unsigned i = 1; i < d->n_ticks; i++) {
		if (d->ticks[i].at_ns - d->ticks[n].from_ns < d->width_ns)
			join(&d->ticks[n], &d->ticks[i]);
		else
			d->ticks[++n] = d->ticks[i];
	}
	d->n_ticks = n + 1;
}

static void add_tick(struct story_detail *d, uint64_t since_ns, uint64_t at_ns, uint64_t count)
{
	struct story_tick *last = d->n_ticks ? &d->ticks[d->n_ticks - 1] : NULL;
	struct story_tick tick;

	if (last && at_ns < last->at_ns) /* another boot, with another clock */
		at_ns = last->at_ns;
	tick = (struct story_tick){ since_ns < at_ns ? since_ns : at_ns, at_ns, count };
	if (last && at_ns - last->from_ns < d->width_ns) {
		join(last, &tick);
		return;
	}
	while (d->n_ticks == STORY_TICKS)
		coarsen(d);
	d->ticks[d->n_ticks++] = tick;
}

static struct story_cause *cause_of(struct story_detail *d, enum bt_reason reason)
{
	for (unsigned i = 0; i < d->n_causes; i++)
		if (d->causes[i].reason == reason)
			return &d->causes[i];
	return NULL;
}

static void add_cause(struct story_detail *d, const struct event *e, uint64_t at_ns)
{
	const struct verdict *v = &e->verdict;
	struct story_cause *c;

	if (cause_of(d, v->reason) || d->n_causes == STORY_CAUSES)
		return;
	c = &d->causes[d->n_causes++];
	c->reason = v->reason;
	c->first_ns = at_ns;
	memcpy(c->text, v->summary, sizeof(c->text));
	for (; c->n_advice < v->n_advice && c->n_advice < STORY_ADVICE; c->n_advice++)
		c->advice[c->n_advice] = v->advice[c->n_advice];
}

void detail_counted(struct story_detail *d, enum bt_reason reason, uint64_t at_ns,
		    uint64_t since_ns, uint64_t refusals)
{
	struct story_cause *c;

	if (!d || !refusals)
		return;
	add_tick(d, since_ns, at_ns, refusals);
	c = cause_of(d, reason);
	if (c)
		c->refusals += refusals;
	else
		d->more_causes += refusals;
}

void detail_refused(struct story_detail *d, const struct event *e, uint64_t at_ns,
		    uint64_t since_ns, uint64_t refusals)
{
	if (!d)
		return;
	add_bars(d, e, at_ns);
	end_bars(d, e, at_ns);
	add_cause(d, e, at_ns);
	detail_counted(d, e->verdict.reason, at_ns, since_ns, refusals);
}
