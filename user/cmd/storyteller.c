// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "cmd/storyteller.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "model/endpoint.h"

static struct counted *place(struct counted *entries, size_t room, uint64_t key)
{
	size_t at = (key * 0x9e3779b97f4a7c15ull) >> 20;

	for (;; at++)
		if (!entries[at % room].key || entries[at % room].key == key)
			return &entries[at % room];
}

static int grow(struct counts *table)
{
	size_t room = table->room ? 2 * table->room : 256;
	struct counted *entries = calloc(room, sizeof(*entries));

	if (!entries)
		return -ENOMEM;
	for (size_t i = 0; i < table->room; i++)
		if (table->entries[i].key)
			*place(entries, room, table->entries[i].key) = table->entries[i];
	free(table->entries);
	table->entries = entries;
	table->room = room;
	return 0;
}

struct counted *counts_get(struct counts *table, uint64_t key)
{
	struct counted *entry;

	key += !key;
	if (2 * table->n >= table->room && grow(table))
		return NULL;
	entry = place(table->entries, table->room, key);
	if (!entry->key) {
		entry->key = key;
		table->n++;
	}
	return entry;
}

/* FNV-1a, 64 bits */
static uint64_t mix(uint64_t h, const void *bytes, size_t n)
{
	for (const uint8_t *b = bytes; n; n--, b++)
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

static struct story *new_story(struct story_book *book, const struct event *e, const char *host)
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
	s = &book->stories[book->n++];
	memset(s, 0, sizeof(*s));
	snprintf(s->host, sizeof(s->host), "%s", host);
	s->asked = e->rec;
	s->first_ns = e->realtime_ns;
	s->reason = e->verdict.reason;
	memcpy(s->cause, e->verdict.summary, sizeof(s->cause));
	return s;
}

/*
 * How many refusals a line adds to those that were told. Before lines said so themselves, each told how many there
 * had been of its kind: the same asker's, with the same error, at the same endpoint. -ENOMEM.
 */
static int64_t news(struct storyteller *t, const struct event *e, uint64_t key, uint64_t run)
{
	const uint64_t more[] = { run, e->asker.pid, e->rec.error };
	uint64_t count = e->repeat.count ?: 1, before;
	struct counted *kind;

	if (e->repeat.adds >= 0)
		return e->repeat.adds;
	kind = counts_get(&t->kinds, mix(key, more, sizeof(more)));
	if (!kind)
		return -ENOMEM;
	before = kind->count < count ? kind->count : 0;
	kind->count = count;
	return (int64_t)(count - before);
}

/* The story goes on: whoever held it last holds it. */
static void add_refusals(struct story_book *book, struct story *s, enum bt_reason reason,
			 uint64_t refusals)
{
	if (s->holder)
		book->top[s->holder - 1].refusals += refusals;
	s->refusals += refusals;
	book->refusals += refusals;
	book->reasons[reason] += refusals;
	if (s->asked.sock.family != AF_UNIX && s->asked.sock.port)
		book->ports[s->asked.sock.port] += refusals;
}

int story_refused(struct storyteller *t, const struct event *e, const char *host, uint64_t run)
{
	uint64_t key = key_of(e, host);
	int64_t refusals = news(t, e, key, run);
	struct counted *open = counts_get(&t->open, key);
	const struct process *holder = holder_of(e);
	struct story_book *book = &t->book;
	struct story *s;

	if (refusals < 0 || !open)
		return -ENOMEM;
	s = open->count ? &book->stories[open->count - 1] : new_story(book, e, host);
	if (!s)
		return -ENOMEM;
	open->count = (uint64_t)(s - book->stories) + 1;
	s->holder = holder ? place_of_holder(book, holder) : 0;
	add_refusals(book, s, e->verdict.reason, (uint64_t)refusals);
	s->last_ns = e->realtime_ns;
	add_name(&s->askers, &e->asker);
	if (holder)
		add_name(&s->holders, holder);
	return 0;
}

int story_folded(struct storyteller *t, const struct folded *of, const struct repeat *repeat,
		 const char *host, uint64_t realtime_ns)
{
	uint64_t refusals = repeat->adds > 0 ? (uint64_t)repeat->adds : 0;
	struct counted *open = counts_get(&t->open, key_of_folded(of, host));
	struct story *s;

	if (!open)
		return -ENOMEM;
	if (!open->count) { /* a filter has left out what it is about, or nobody knows */
		t->book.refusals += refusals;
		return 0;
	}
	s = &t->book.stories[open->count - 1];
	add_refusals(&t->book, s, s->reason, refusals);
	s->last_ns = realtime_ns;
	return 0;
}

bool story_resolved(struct storyteller *t, const struct resolution *of, const struct process *who,
		    const char *host)
{
	uint64_t key = endpoint_key(&of->asked, of->operation, of->netns, host);
	struct counted *open = counts_get(&t->open, key);
	struct story *s;

	if (!open || !open->count)
		return false;
	s = &t->book.stories[open->count - 1];
	open->count = 0;
	s->resolved = true;
	s->after_ns = of->after_ns;
	snprintf(s->winner, sizeof(s->winner), "%s[%u]", who->comm, who->pid);
	/* the tracer had counted also those that no line tells of */
	if (of->refusals > s->refusals)
		add_refusals(&t->book, s, s->reason, of->refusals - s->refusals);
	return true;
}

void story_coverage(struct storyteller *t, const struct coverage *c)
{
	struct coverage *all = &t->book.coverage;

	if (!t->book.covered)
		*all = *c;
	all->missing |= c->missing;
	all->read = c->read > all->read ? c->read : all->read;
	all->hook = c->hook > all->hook ? c->hook : all->hook;
	t->book.covered = true;
}

void story_free(struct storyteller *t)
{
	free(t->book.stories);
	free(t->kinds.entries);
	free(t->open.entries);
}
