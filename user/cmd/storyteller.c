// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "cmd/storyteller.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "cmd/story_detail.h"
#include "model/endpoint.h"

/* FNV-1a, 64 bits */
static uint64_t mix(uint64_t h, const void *bytes, size_t n)
{
	for (const uint8_t *b = bytes; n; n--, b++)
		/* NOLINTNEXTLINE(clang-analyzer-core.*): it takes fixed below for half filled; it has no gaps */
		h = (h ^ *b) * 1099511628211ull;
	return h;
}

static uint64_t endpoint_key(const struct bt_sock *s, uint16_t operation, uint32_t netns,
			     const char *host)
{
	const struct {
		uint64_t netns;
		uint16_t operation, family, protocol, port;
		uint32_t ifindex, pad;
	} fixed = { netns, operation, s->family, s->protocol, s->port, s->ifindex, 0 };
	uint64_t h = mix(14695981039346656037ull, &fixed, sizeof(fixed));

	return mix(mix(h, s->addr, sizeof(s->addr)), host, strlen(host));
}

static uint64_t key_of(const struct event *e, const char *host)
{
	const struct bt_record *r = &e->rec;
	uint64_t h = endpoint_key(&r->sock, r->operation, r->task.netns, host);

	return mix(h, r->path, r->path_len);
}

static uint64_t key_of_folded(const struct folded *of, const char *host)
{
	struct bt_sock s = endpoint_folded(of);
	uint64_t h = endpoint_key(&s, of->key.operation, of->key.netns, host);

	return mix(h, of->path, of->path_len);
}

static void add_name(struct story_names *names, const struct process *p)
{
	char name[STORY_NAME];

	if (!p->pid)
		return;
	snprintf(name, sizeof(name), "%s[%u]", p->comm, p->pid);
	for (unsigned i = 0; i < names->n; i++)
		if (!strcmp(names->name[i], name))
			return;
	if (names->n == STORY_NAMES)
		names->more++;
	else
		memcpy(names->name[names->n++], name, sizeof(name));
}

/* Who has, or had, the socket that decides; NULL: nobody was seen. */
static const struct process *holder_of(const struct event *e)
{
	const struct holder *h;

	if (e->verdict.decisive < 0)
		return NULL;
	h = event_decisive(e);
	if (h->n_processes)
		return &e->processes[h->first_process];
	return h->opener.pid ? &h->opener : h->closer.pid ? &h->closer : NULL;
}

/* Its place in book->top, from 1 on; 0: there is no room for so many. */
static unsigned place_of_holder(struct story_book *book, const struct process *p)
{
	unsigned i;

	for (i = 0; i < book->n_top && strcmp(book->top[i].comm, p->comm); i++)
		;
	if (i == TOP_HOLDERS)
		return 0;
	if (i == book->n_top)
		memcpy(book->top[book->n_top++].comm, p->comm, sizeof(p->comm));
	return i + 1;
}

/* What it asked for, and the clock that its times are told by. */
static void begin_story(struct story *s, const struct event *e, const struct written *at)
{
	const struct bt_record *r = &e->rec;

	snprintf(s->host, sizeof(s->host), "%s", at->host);
	s->asked = r->sock;
	s->named = endpoint_asked(r);
	s->operation = r->operation;
	s->error = r->error;
	s->path_len = r->path_len;
	memcpy(s->path, r->path, sizeof(s->path));
	s->first_ns = s->last_ns = e->realtime_ns;
	s->run = at->run;
	s->clock_ns = e->realtime_ns - r->hdr.boottime_ns;
	s->reason = e->verdict.reason;
	memcpy(s->cause, e->verdict.summary, sizeof(s->cause));
}

static struct story *new_story(struct story_book *book, const struct event *e,
			       const struct written *at)
{
	size_t room = book->room ? 2 * book->room : 64;
	struct story *s;

	if (book->n == book->room) {
		s = realloc(book->stories, room * sizeof(*s));
		if (!s)
			return NULL;
		book->stories = s;
		book->room = room;
	}
	s = &book->stories[book->n];
	memset(s, 0, sizeof(*s));
	begin_story(s, e, at);
	if (book->n < STORY_DETAILS) {
		s->detail = calloc(1, sizeof(*s->detail));
		if (!s->detail)
			return NULL;
	}
	book->n++;
	return s;
}

/* When it was, by the clock of the story's beginning; of another boot nobody knows how the two compare. */
static uint64_t story_time(const struct story *s, const struct written *at)
{
	return at->run == s->run && at->boottime_ns ? at->boottime_ns + s->clock_ns
						    : at->realtime_ns;
}

/* Refusals of one asker, with one error, at the endpoint. */
static struct counted *kind_of(struct storyteller *t, uint64_t key, const struct written *at,
			       uint32_t pid, uint16_t error)
{
	const uint64_t more[] = { at->run, pid, error };

	return counts_get(&t->kinds, mix(key, more, sizeof(more)));
}

/*
 * How many refusals a line adds to those that were told. Before lines said so themselves, each told how many there
 * had been of its kind: the same asker's, with the same error, at the same endpoint.
 */
static uint64_t news(const struct event *e, struct counted *kind)
{
	uint64_t count = e->repeat.count ?: 1, before;

	if (e->repeat.adds >= 0)
		return (uint64_t)e->repeat.adds;
	before = kind->count < count ? kind->count : 0;
	kind->count = count;
	return count - before;
}

/* The story goes on: whoever held it last holds it. reason N_REASONS: no line tells it. */
static void add_refusals(struct story_book *book, struct story *s, enum bt_reason reason,
			 uint64_t refusals)
{
	if (s->holder)
		book->top[s->holder - 1].refusals += refusals;
	s->refusals += refusals;
	book->refusals += refusals;
	if (reason < N_REASONS)
		book->reasons[reason] += refusals;
	else
		book->no_reason += refusals;
	if (s->asked.family != AF_UNIX && s->asked.port)
		book->ports[s->asked.port] += refusals;
}

/* When the refusals that a line adds began: where it does not say, after those told before. */
static uint64_t added_since(const struct story *s, uint64_t at_ns, uint64_t since_ns,
			    uint64_t refusals)
{
	if (refusals <= 1)
		return at_ns;
	if (since_ns)
		return since_ns < at_ns ? at_ns - since_ns : 0;
	return s->last_ns;
}

int story_refused(struct storyteller *t, const struct event *e, const struct written *at)
{
	uint64_t key = key_of(e, at->host), refusals, now;
	struct counted *kind = kind_of(t, key, at, e->asker.pid, e->rec.error);
	struct counted *open = counts_get(&t->open, key);
	const struct process *holder = holder_of(e);
	struct story_book *book = &t->book;
	struct story *s;

	if (!kind || !open)
		return -ENOMEM;
	refusals = news(e, kind);
	kind->reason = e->verdict.reason;
	s = open->count ? &book->stories[open->count - 1] : new_story(book, e, at);
	if (!s)
		return -ENOMEM;
	open->count = (uint64_t)(s - book->stories) + 1;
	s->holder = holder ? place_of_holder(book, holder) : 0;
	add_refusals(book, s, e->verdict.reason, refusals);
	now = story_time(s, at);
	detail_refused(s->detail, e, now, added_since(s, now, e->repeat.since_ns, refusals),
		       refusals);
	if (now > s->last_ns)
		s->last_ns = now;
	add_name(&s->askers, &e->asker);
	if (holder)
		add_name(&s->holders, holder);
	return 0;
}

int story_folded(struct storyteller *t, const struct folded *of, const struct repeat *repeat,
		 const struct written *at)
{
	uint64_t refusals = repeat->adds > 0 ? (uint64_t)repeat->adds : 0, now;
	uint64_t key = key_of_folded(of, at->host);
	struct counted *open = counts_get(&t->open, key);
	struct counted *kind = kind_of(t, key, at, of->key.pid, of->key.error);
	struct story *s;

	if (!open || !kind)
		return -ENOMEM;
	if (!open->count) { /* a filter has left out what it is about, or nobody knows */
		t->book.refusals += refusals;
		t->book.no_reason += refusals;
		return 0;
	}
	s = &t->book.stories[open->count - 1];
	add_refusals(&t->book, s, kind->reason, refusals);
	now = story_time(s, at);
	detail_counted(s->detail, kind->reason, now,
		       added_since(s, now, repeat->since_ns, refusals), refusals);
	if (now > s->last_ns)
		s->last_ns = now;
	return 0;
}

/* The tracer had counted also those that no line tells of: nobody knows their reason, or when they were. */
static void add_untold(struct story_book *book, struct story *s, const struct resolution *of)
{
	uint64_t untold = of->refusals > s->refusals ? of->refusals - s->refusals : 0;

	if (!untold)
		return;
	add_refusals(book, s, N_REASONS, untold);
	detail_counted(s->detail, N_REASONS, story_end_ns(s), s->last_ns, untold);
}

bool story_resolved(struct storyteller *t, const struct resolution *of, const struct process *who,
		    const struct written *at)
{
	uint64_t key = endpoint_key(&of->asked, of->operation, of->netns, at->host);
	struct counted *open = counts_get(&t->open, key);
	struct story *s;

	if (!open || !open->count)
		return false;
	s = &t->book.stories[open->count - 1];
	open->count = 0;
	s->resolved = true;
	s->after_ns = of->after_ns;
	snprintf(s->winner, sizeof(s->winner), "%s[%u]", who->comm, who->pid);
	add_untold(&t->book, s, of);
	return true;
}

/* The machine's place in the book; NULL: there is no room for so many. */
static struct story_origin *origin_of(struct story_book *book, const char *host)
{
	struct story_origin *o = book->origins;

	while (o < book->origins + book->n_origins && strcmp(o->host, host))
		o++;
	if (o == book->origins + STORY_ORIGINS)
		return NULL;
	if (o == book->origins + book->n_origins) {
		book->n_origins++;
		snprintf(o->host, sizeof(o->host), "%s", host);
	}
	return o;
}

void story_line(struct storyteller *t, const struct written *at)
{
	struct story_origin *o = origin_of(&t->book, at->host);

	if (!o || !at->realtime_ns)
		return;
	if (!o->first_ns || at->realtime_ns < o->first_ns)
		o->first_ns = at->realtime_ns;
	if (at->realtime_ns > o->last_ns)
		o->last_ns = at->realtime_ns;
}

void story_header(struct storyteller *t, const struct written *at, const struct story_origin *from,
		  const struct coverage *c)
{
	struct story_origin *o = origin_of(&t->book, at->host);
	struct coverage *all = &t->book.coverage;

	if (o && !o->recordings) {
		memcpy(o->kernel, from->kernel, sizeof(o->kernel));
		memcpy(o->machine, from->machine, sizeof(o->machine));
		memcpy(o->version, from->version, sizeof(o->version));
	}
	if (o)
		o->recordings++;
	if (!t->book.covered)
		*all = *c;
	all->missing |= c->missing;
	all->read = c->read > all->read ? c->read : all->read;
	all->hook = c->hook > all->hook ? c->hook : all->hook;
	t->book.covered = true;
}

void story_free(struct storyteller *t)
{
	for (size_t i = 0; i < t->book.n; i++)
		free(t->book.stories[i].detail);
	free(t->book.stories);
	free(t->kinds.entries);
	free(t->open.entries);
}
