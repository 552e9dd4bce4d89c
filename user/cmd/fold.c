// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "cmd/fold.h"

#include <string.h>

#include "model/endpoint.h"

#define SECOND	   1000000000ull
#define NO_CULPRIT UINT64_MAX

/* TIME_WAIT sockets come and go in crowds: as culprits they are one. */
static uint64_t culprit_of(const struct event *e)
{
	const struct bt_sock *s;

	if (e->verdict.decisive < 0)
		return 0;
	s = &e->rec.holders[e->verdict.decisive].sock;
	if (s->flags & BT_SOCK_MINI)
		return s->substate;
	return s->cookie ? s->cookie << 8 : s->sk;
}

struct fold_face fold_face(const struct event *e)
{
	return (struct fold_face){ .culprit = culprit_of(e), .reason = e->verdict.reason };
}

static bool is_same(struct fold_face a, struct fold_face b)
{
	return a.culprit == b.culprit && a.reason == b.reason;
}

/* FNV-1a */
static uint32_t hash(const struct bt_fold_key *key)
{
	const uint8_t *byte = (const uint8_t *)key;
	uint32_t h = 2166136261u;
	size_t i;

	for (i = 0; i < sizeof(*key); i++)
		h = (h ^ byte[i]) * 16777619u;
	return h;
}

/* The place of the key, 0: none. */
static uint16_t find(const struct fold_table *table, const struct bt_fold_key *key)
{
	uint16_t place = table->first[hash(key) % FOLD_ENTRIES];

	while (place && memcmp(&table->entries[place].of.key, key, sizeof(*key)))
		place = table->entries[place].next;
	return place;
}

/* Takes it out of the order in which they were heard of, a ring through entries[0]. */
static void unlink_order(struct fold_table *table, uint16_t place)
{
	const struct fold_entry *entry = &table->entries[place];

	table->entries[entry->older].newer = entry->newer;
	table->entries[entry->newer].older = entry->older;
}

static void link_newest(struct fold_table *table, uint16_t place)
{
	uint16_t newest = table->entries[0].older;

	table->entries[place].older = newest;
	table->entries[place].newer = 0;
	table->entries[newest].newer = place;
	table->entries[0].older = place;
}

/* Empties the place of the one not heard of for longest. */
static uint16_t forget_oldest(struct fold_table *table)
{
	uint16_t place = table->entries[0].newer;
	struct fold_entry *entry = &table->entries[place];
	uint16_t *link = &table->first[hash(&entry->of.key) % FOLD_ENTRIES];

	while (*link != place)
		link = &table->entries[*link].next;
	*link = entry->next;
	unlink_order(table, place);
	if (table->forgot_ns < entry->last_ns)
		table->forgot_ns = entry->last_ns;
	memset(entry, 0, sizeof(*entry));
	return place;
}

/*
 * A place for the kind of r. What the kernel side has counted since before something was forgotten may have been that,
 * and was told then.
 */
static uint16_t add(struct fold_table *table, const struct bt_record *r)
{
	uint16_t place = table->n < FOLD_ENTRIES ? ++table->n : forget_oldest(table);
	uint16_t *first = &table->first[hash(&r->kind) % FOLD_ENTRIES];
	struct fold_entry *entry = &table->entries[place];

	entry->next = *first;
	*first = place;
	link_newest(table, place);
	entry->first_ns = r->first_ns;
	if (r->first_ns <= table->forgot_ns && r->nth)
		entry->told = entry->accounted = entry->resolved = entry->seen = r->nth - 1;
	return place;
}

struct fold_entry *fold_in_the_way(struct fold_table *table, const struct bt_fold_key *key)
{
	if (table->n < FOLD_ENTRIES || find(table, key))
		return NULL;
	return &table->entries[table->entries[0].newer];
}

static void begin(struct fold_table *table, struct fold_entry *entry, const struct bt_fold_key *key,
		  const struct event *e)
{
	entry->of.key = *key;
	entry->used = true;
	entry->face = fold_face(e);
	entry->interval_ns = SECOND;
	entry->incident = ++table->incidents;
	memcpy(entry->of.comm, e->asker.comm, sizeof(entry->of.comm));
	entry->of.named = endpoint_asked(&e->rec);
	memcpy(entry->of.path, e->rec.path, sizeof(entry->of.path));
	entry->of.path_len = e->rec.path_len;
}

/*
 * How many there have been. What is seen in the kernel side's table may be ahead of the records that wait in its
 * buffer; but one that it had forgotten and met again it counts anew, from another moment on.
 */
static void count(struct fold_entry *entry, const struct bt_record *r)
{
	if (entry->first_ns != r->first_ns)
		entry->seen = entry->told = entry->accounted = entry->resolved = 0;
	entry->first_ns = r->first_ns;
	if (entry->seen < r->nth)
		entry->seen = r->nth;
}

static bool is_due(const struct fold_entry *f, const struct bt_record *r)
{
	return r->hdr.boottime_ns >= f->told_ns + f->interval_ns;
}

struct fold_entry *fold_told(struct fold_table *table, const struct bt_record *r,
			     struct fold_face alone)
{
	struct fold_entry *f = &table->entries[find(table, &r->kind)];

	if (!f->used || f->face.culprit == NO_CULPRIT || !is_same(f->alone, alone) || is_due(f, r))
		return NULL;
	return f;
}

static void make_newest(struct fold_table *table, uint16_t place)
{
	unlink_order(table, place);
	link_newest(table, place);
}

static void hear(struct fold_entry *f, struct event *e)
{
	const struct bt_record *r = &e->rec;

	count(f, r);
	f->quiet = false;
	if (f->last_ns < r->hdr.boottime_ns)
		f->last_ns = r->hdr.boottime_ns;
	e->repeat.count = r->nth;
	e->repeat.first_ns = r->first_ns;
	e->repeat.incident = f->incident;
}

void fold_count(struct fold_table *table, struct fold_entry *entry, struct event *e)
{
	make_newest(table, (uint16_t)(entry - table->entries));
	hear(entry, e);
}

enum fold_answer fold_event(struct fold_table *table, struct event *e, struct fold_face alone,
			    struct fold_entry **entry)
{
	enum fold_answer answer = FOLD_SILENT;
	const struct bt_fold_key *key = &e->rec.kind;
	uint16_t place = find(table, key);
	struct fold_entry *f;

	if (!place)
		place = add(table, &e->rec);
	else
		make_newest(table, place);
	f = &table->entries[place];
	*entry = f;
	if (!f->used || !is_same(f->face, fold_face(e))) {
		begin(table, f, key, e);
		answer = FOLD_NEW;
	} else if (is_due(f, &e->rec)) {
		f->interval_ns = f->interval_ns < 32 * SECOND ? 2 * f->interval_ns : 60 * SECOND;
		answer = FOLD_AGAIN;
	}
	f->alone = alone;
	hear(f, e);
	return answer;
}

uint64_t fold_end(struct fold_entry *entry)
{
	uint64_t refusals = entry->seen - entry->resolved;

	entry->resolved = entry->seen;
	entry->face.culprit = NO_CULPRIT;
	return refusals;
}
